#include "intake/dd_metrics/series_writer.hpp"

#include <utility>

#include "base/limits.hpp"
#include "model/metric_time.hpp"

namespace catalejo::intake::dd_metrics {
void SeriesWriter::refuse(std::string_view reason) {
  ++points_;
  ++batch_.points_received;
  ++batch_.points_rejected[std::string(reason)];
}

model::MetricPoint* SeriesWriter::put(std::int64_t seconds) {
  if (batch_.points.size() >= limits::points_per_request_max) {
    refuse("too_many_points");
    return nullptr;
  }
  ++points_;
  ++batch_.points_received;
  model::MetricPoint& point = batch_.points.emplace_back(head_);
  point.time = model::metric_time(seconds);
  point.repeatable = true;
  point.source = source_;
  return &point;
}

void SeriesWriter::add(std::int64_t seconds, double value) {
  if (model::MetricPoint* point = put(seconds)) point->value = value;
}

void SeriesWriter::add(std::int64_t seconds, model::DDSketch sketch) {
  model::MetricPoint* point = put(seconds);
  if (point == nullptr) return;
  point->kind = model::MetricKind::distribution;
  point->sketch = std::move(sketch);
}

void SeriesWriter::end() {
  if (points_ == 0) refuse("no_points");
}

}  // namespace catalejo::intake::dd_metrics
