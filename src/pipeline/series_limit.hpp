// How many series a metric may have. A tag with a request's id in it makes a series of every
// value: such a metric would fill the disk and make every question slow. Within an hour each metric
// may have so many series; points of further ones are refused, the reason is `too_many_series`, and
// the metric is named in a counter. What the aggregator has put into the series of the overflow is
// no further series, so that sums stay right. The next hour begins anew, so that what has changed
// (pods, versions) finds its place.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/counters.hpp"
#include "base/time.hpp"
#include "model/batch.hpp"

namespace catalejo::pipeline {

class SeriesLimit {
 public:
  SeriesLimit(std::size_t per_metric_max, Counters& counters)
      : per_metric_max_(per_metric_max), counters_(counters) {}

  // Takes out of the batch what has no place. From any thread.
  void apply(model::Batch& batch, UnixNanos now);

 private:
  bool admit(const model::MetricPoint& point);

  std::size_t per_metric_max_;
  Counters& counters_;
  std::mutex mutex_;  // guards the members below
  std::int64_t hour_ = 0;
  std::size_t series_ = 0;
  std::unordered_map<std::string, std::unordered_set<std::uint64_t>> series_of_metric_;
};

}  // namespace catalejo::pipeline
