#include "intake/dd_metrics/series_writer.hpp"

#include <utility>

#include "base/limits.hpp"
#include "model/metric_time.hpp"

namespace catalejo::intake::dd_metrics {

void SeriesWriter::add_resource(std::string_view type, std::string_view name) {
  if (type == "host") {
    head_.host = name;
  } else {
    head_.tags.push_back(std::string(type) + ":" + std::string(name));
  }
}

void SeriesWriter::set_kind(std::uint64_t type) {
  head_.kind = type == 1   ? model::MetricKind::count
               : type == 2 ? model::MetricKind::rate
                           : model::MetricKind::gauge;
}

void SeriesWriter::set_interval(std::uint64_t seconds) {
  constexpr std::uint64_t kMost = 86'400;
  if (seconds <= kMost) head_.interval_s = static_cast<std::uint32_t>(seconds);
}

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
