#include "pipeline/metric_aggregator.hpp"

#include <utility>

namespace catalejo::pipeline {
namespace {

using model::MetricKind;
using model::MetricPoint;

constexpr std::string_view kOverflowTag = "catalejo_overflow:true";

// Tags hold no byte 0: two series have one key only when they are the same.
std::string key_of(std::string_view name, Measure measure, std::span<const std::string_view> tags) {
  std::string key(name);
  key += '\0';
  key += static_cast<char>('0' + static_cast<int>(measure));
  for (const std::string_view tag : tags) {
    key += '\0';
    key += tag;
  }
  return key;
}

MetricPoint point(const MetricPoint& like, std::string_view ending, MetricKind kind, double value) {
  MetricPoint made = like;
  made.name += ending;
  made.kind = kind;
  made.value = value;
  return made;
}

// The five that the Agent makes of a histogram by default.
void put_histogram(const MetricPoint& like, const model::DDSketch& sketch,
                   std::vector<MetricPoint>& points) {
  points.push_back(point(like, ".avg", MetricKind::gauge, sketch.average()));
  points.push_back(point(like, ".count", MetricKind::count, sketch.count()));
  points.push_back(point(like, ".median", MetricKind::gauge, sketch.quantile(0.5)));
  points.push_back(point(like, ".95percentile", MetricKind::gauge, sketch.quantile(0.95)));
  points.push_back(point(like, ".max", MetricKind::gauge, sketch.max()));
}

}  // namespace

MetricAggregator::Series& MetricAggregator::series_for(Interval& interval,
                                                       const MetricValue& value) {
  std::string key = key_of(value.name, value.measure, value.tags);
  const auto known = interval.series.find(key);
  if (known != interval.series.end()) return known->second;
  std::span<const std::string_view> tags = value.tags;
  std::size_t& count = interval.series_of_metric[std::string(value.name)];
  if (count >= series_per_metric_max_) {
    ++over_limit_[std::string(value.name)];
    tags = {&kOverflowTag, 1};
    key = key_of(value.name, value.measure, tags);
  } else {
    ++count;
  }
  const auto [at, made] = interval.series.try_emplace(std::move(key));
  if (made) {
    at->second.name = value.name;
    at->second.tags.assign(tags.begin(), tags.end());
    at->second.measure = value.measure;
  }
  return at->second;
}

void MetricAggregator::add(const MetricValue& value, UnixNanos now) {
  const std::int64_t second = now.value / kNanosPerSecond;
  Series& series = series_for(intervals_[second - second % kIntervalS], value);
  switch (value.measure) {
    case Measure::count:
      series.sum += value.number * value.weight;
      break;
    case Measure::gauge:
      series.last = value.number;
      break;
    case Measure::histogram:
    case Measure::distribution:
      series.sketch.add(value.number, value.weight);
      break;
    case Measure::set:
      series.members.emplace(value.member);
      break;
  }
}

std::vector<MetricPoint> MetricAggregator::take(UnixNanos until) {
  std::vector<MetricPoint> points;
  while (!intervals_.empty()) {
    const auto interval = intervals_.begin();
    const std::int64_t end = interval->first + kIntervalS;
    if (end > until.value / kNanosPerSecond) break;
    for (auto& [key, series] : interval->second.series) {
      MetricPoint made{.name = std::move(series.name),
                       .tags = std::move(series.tags),
                       .time = {interval->first * kNanosPerSecond},
                       .interval_s = kIntervalS};
      if (series.measure == Measure::histogram) {
        put_histogram(made, series.sketch, points);
        continue;
      }
      made.kind = series.measure == Measure::count          ? MetricKind::count
                  : series.measure == Measure::distribution ? MetricKind::distribution
                                                            : MetricKind::gauge;
      made.value = series.measure == Measure::count ? series.sum
                   : series.measure == Measure::set ? static_cast<double>(series.members.size())
                                                    : series.last;
      made.sketch = std::move(series.sketch);
      points.push_back(std::move(made));
    }
    intervals_.erase(interval);
  }
  return points;
}

}  // namespace catalejo::pipeline
