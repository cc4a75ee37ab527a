// Makes points of metrics out of single values, as the Datadog Agent does: all values of a metric
// with the same tags within ten seconds are one point (a histogram is five). Owned by one thread.
//
// A metric whose tags have more combinations than it may is not refused: what has no place of its
// own goes into the one series `catalejo_overflow:true` of the metric, so that sums stay right,
// and over_limit() names it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/time.hpp"
#include "model/metric_point.hpp"

namespace catalejo::pipeline {

enum class Measure : std::uint8_t { count, gauge, histogram, set, distribution };

struct MetricValue {
  std::string_view name;  // normal_metric_name() of what came
  Measure measure = Measure::count;
  std::span<const std::string_view> tags;  // normal, in order, each once
  double number = 0;                       // unless a set
  std::string_view member;                 // of a set
  double weight = 1;                       // how many values it stands for: 1 / sample rate
};

class MetricAggregator {
 public:
  static constexpr std::uint32_t kIntervalS = 10;

  explicit MetricAggregator(std::size_t series_per_metric_max)
      : series_per_metric_max_(series_per_metric_max) {}

  void add(const MetricValue& value, UnixNanos now);

  // The points of all intervals that ended at `until`, in order of time; they are forgotten here.
  std::vector<model::MetricPoint> take(UnixNanos until);
  // Values that found no place of their own since the start, by metric.
  const std::map<std::string, std::uint64_t, std::less<>>& over_limit() const {
    return over_limit_;
  }

 private:
  struct Series {
    std::string name;
    std::vector<std::string> tags;
    Measure measure = Measure::count;
    double sum = 0;   // of a count
    double last = 0;  // of a gauge
    model::DDSketch sketch;
    std::unordered_set<std::string> members;
  };
  struct Interval {
    std::unordered_map<std::string, Series> series;  // by key
    std::unordered_map<std::string, std::size_t> series_of_metric;
  };

  Series& series_for(Interval& interval, const MetricValue& value);

  std::size_t series_per_metric_max_;
  std::map<std::int64_t, Interval> intervals_;  // by their beginning in Unix seconds
  std::map<std::string, std::uint64_t, std::less<>> over_limit_;
};

}  // namespace catalejo::pipeline
