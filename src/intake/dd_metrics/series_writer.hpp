// Puts the points of one series after the other into a batch, for all readers of metrics. Counts
// what is refused; a series without any readable point counts as one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/batch.hpp"

namespace catalejo::intake::dd_metrics {

class SeriesWriter {
 public:
  // `source` outlives the batch: the intake's path.
  SeriesWriter(model::Batch& batch, std::string_view source) : batch_(batch), source_(source) {}

  // What the points that follow belong to.
  void begin() {
    head_ = {};
    points_ = 0;
  }
  model::MetricPoint& head() { return head_; }
  // "host" is the host, anything else a tag.
  void add_resource(std::string_view type, std::string_view name);
  // 1 count, 2 rate, 3 and what nobody knows gauge.
  void set_kind(std::uint64_t type);
  void set_interval(std::uint64_t seconds);  // of a day at most, else not known
  void add(std::int64_t seconds, double value);
  void add(std::int64_t seconds, model::DDSketch sketch);
  void refuse(std::string_view reason);  // a point
  void end();

 private:
  model::MetricPoint* put(std::int64_t seconds);

  model::Batch& batch_;
  std::string_view source_;
  model::MetricPoint head_;
  std::size_t points_ = 0;
};

}  // namespace catalejo::intake::dd_metrics
