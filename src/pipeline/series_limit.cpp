#include "pipeline/series_limit.hpp"

#include <vector>

#include "base/limits.hpp"
#include "pipeline/metric_names.hpp"

namespace catalejo::pipeline {

bool SeriesLimit::admit(const model::MetricPoint& point) {
  const std::uint64_t series = model::series_of(point);
  const bool overflow = point.host.empty() && point.tags == std::vector{std::string(kOverflowTag)};
  const auto known = series_of_metric_.find(point.name);
  if (known != series_of_metric_.end()) {
    if (overflow || known->second.contains(series)) return true;
    if (known->second.size() >= per_metric_max_) return false;
  }
  if (series_ >= limits::metric_series_max) return false;
  ++series_;
  auto& all = series_of_metric_[point.name];
  if (!overflow) all.insert(series);
  return true;
}

void SeriesLimit::apply(model::Batch& batch, UnixNanos now) {
  if (batch.points.empty()) return;
  const std::lock_guard lock(mutex_);
  if (const std::int64_t hour = now.value / (3'600 * kNanosPerSecond); hour != hour_) {
    hour_ = hour;
    series_ = 0;
    series_of_metric_.clear();
  }
  std::erase_if(batch.points, [&](const model::MetricPoint& point) {
    if (admit(point)) return false;
    ++batch.points_rejected["too_many_series"];
    // A metric without any series would make a counter of each name that is sent.
    const std::string name = series_of_metric_.contains(point.name) ? point.name : "(any other)";
    counters_.counter("catalejo_metric_points_over_limit_total", label("metric", name)).add();
    return true;
  });
}

}  // namespace catalejo::pipeline
