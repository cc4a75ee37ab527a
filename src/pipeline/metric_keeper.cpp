#include "pipeline/metric_keeper.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/task_blocking.hpp"
#include "pipeline/pipeline.hpp"

namespace catalejo::pipeline {
namespace {

std::uint64_t total(const model::Rejections& dropped) {
  std::uint64_t all = 0;
  for (const auto& [reason, count] : dropped) all += count;
  return all;
}

}  // namespace

void keep_metrics(Pipeline& pipeline, Counters& counters, MadeMetrics made) {
  std::vector<model::MetricPoint> points = std::move(made.points);
  for (MetricInterval& interval : made.intervals) {
    for (const auto& [metric, count] : interval.over_limit)
      counters.counter("catalejo_metric_values_merged_total", label("metric", metric)).add(count);
    for (model::MetricPoint& point : points_of(std::move(interval)))
      points.push_back(std::move(point));
  }
  model::Batch batch;
  batch.points_received = total(made.dropped);
  batch.points_rejected = std::move(made.dropped);
  batch.events_received = total(made.events_dropped) + made.events.size();
  batch.events_rejected = std::move(made.events_dropped);
  batch.events = std::move(made.events);
  for (model::Event& event : batch.events) event.source = made.source;
  for (std::size_t next = 0;
       next < points.size() || batch.points_received > 0 || batch.events_received > 0;) {
    const std::size_t end = std::min(points.size(), next + limits::batch_rows_max);
    for (; next < end; ++next) {
      points[next].source = made.source;
      batch.points.push_back(std::move(points[next]));
    }
    batch.points_received += batch.points.size();
    const auto kept = run_blocking(pipeline.accept(std::exchange(batch, {})));
    if (!kept)
      log::warn("metrics", "points of {} are lost: {}", made.source, to_string(kept.error()));
  }
}

}  // namespace catalejo::pipeline
