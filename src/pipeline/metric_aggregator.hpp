// Makes points of metrics out of single values, as the Datadog Agent does: all values of a metric
// with the same tags within ten seconds are one point (a histogram is five). Owned by one thread;
// an interval that is over is taken out whole and may become points on another.
//
// A metric whose tags have more combinations than it may is not refused: what has no place of its
// own goes into the one series `catalejo_overflow:true` of the metric, so that sums stay right,
// and over_limit names it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "base/time.hpp"
#include "model/metric_point.hpp"

namespace catalejo::pipeline {

enum class Measure : std::uint8_t { count, gauge, histogram, set, distribution };

struct MetricLabels {
  std::string_view name;  // as normal_metric_name() gives it
  Measure measure = Measure::count;
  std::string_view host;
  std::span<const std::string> tags;  // normal, in order, each once
};

struct MetricValue {
  double number = 0;                        // unless a set
  std::string_view member;                  // of a set
  double weight = 1;                        // how many values it stands for: 1 / sample rate
  const model::DDSketch* sketch = nullptr;  // of a distribution: these values instead of `number`
};

struct MetricSeries {
  std::string name, host;
  std::vector<std::string> tags;
  Measure measure = Measure::count;
  double sum = 0;   // of a count
  double last = 0;  // of a gauge
  model::DDSketch sketch;
  std::unordered_set<std::string> members;
};

struct MetricInterval {
  struct HashOf {
    std::size_t operator()(const Hash128& hash) const { return hash.low; }
  };
  std::int64_t begin_s = 0;
  std::unordered_map<Hash128, MetricSeries, HashOf> series;
  // What the same bytes meant before: most clients send the same text again and again.
  std::unordered_map<Hash128, MetricSeries*, HashOf> alike;
  std::unordered_map<std::string, std::size_t> series_of_metric;
  // Values that found no place of their own, by metric.
  std::map<std::string, std::uint64_t, std::less<>> over_limit;
};

// In no order.
std::vector<model::MetricPoint> points_of(MetricInterval interval);

class MetricAggregator {
 public:
  static constexpr std::uint32_t kIntervalS = 10;

  explicit MetricAggregator(std::size_t series_per_metric_max,
                            std::size_t series_max = limits::metric_series_max)
      : series_per_metric_max_(series_per_metric_max), series_max_(series_max) {}

  // `alike` is a hash of the bytes that say name, measure and tags. add_alike() is false when this
  // interval has not seen them; then add() says what they mean, which is false when there is no
  // place for it.
  bool add_alike(const Hash128& alike, const MetricValue& value, UnixNanos now);
  bool add(const Hash128& alike, const MetricLabels& labels, const MetricValue& value,
           UnixNanos now);

  // The oldest interval, if it had ended at `until`; it is forgotten here.
  std::optional<MetricInterval> take(UnixNanos until);

  std::size_t series() const { return series_; }  // of all intervals that are kept

 private:
  MetricInterval& interval_at(UnixNanos now);
  MetricSeries* series_for(MetricInterval& interval, const MetricLabels& labels);

  std::size_t series_per_metric_max_, series_max_;
  std::size_t series_ = 0;
  std::map<std::int64_t, MetricInterval> intervals_;  // by their beginning in Unix seconds
};

}  // namespace catalejo::pipeline
