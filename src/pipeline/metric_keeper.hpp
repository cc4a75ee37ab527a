// The way of points and events of DogStatsD, and of points that are made here, into the log: waits
// for it, batch by batch, and says which metrics had more series than they may.
#pragma once

#include <string_view>
#include <vector>

#include "base/counters.hpp"
#include "model/batch.hpp"
#include "pipeline/metric_aggregator.hpp"

namespace catalejo::pipeline {

class Pipeline;

struct MadeMetrics {
  std::vector<MetricInterval> intervals;
  std::vector<model::MetricPoint> points;  // that need not be summed up
  model::Rejections dropped;               // values that became no point, by reason
  std::string_view source;
  std::vector<model::Event> events = {};
  model::Rejections events_dropped = {};
};

// On a thread that may wait.
void keep_metrics(Pipeline& pipeline, Counters& counters, MadeMetrics made);

}  // namespace catalejo::pipeline
