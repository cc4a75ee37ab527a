#include "pipeline/metric_aggregator.hpp"

#include <array>
#include <utility>

#include "base/limits.hpp"
#include "pipeline/metric_names.hpp"

namespace catalejo::pipeline {
namespace {

using model::MetricKind;
using model::MetricPoint;

// Names and tags hold no byte 0: two series are one only when they are the same.
Hash128 key_of(const MetricLabels& labels, std::span<const std::string> tags) {
  std::string key(labels.name);
  key += '\0';
  key += static_cast<char>('0' + static_cast<int>(labels.measure));
  key += labels.host;
  for (const std::string& tag : tags) {
    key += '\0';
    key += tag;
  }
  return hash128(key);
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

void put(MetricInterval& interval, MetricSeries& series, const MetricValue& value) {
  switch (series.measure) {
    case Measure::count:
      series.sum += value.number * value.weight;
      break;
    case Measure::gauge:
      series.last = value.number;
      break;
    case Measure::histogram:
    case Measure::distribution:
      if (value.sketch != nullptr) {
        series.sketch.merge(*value.sketch);
      } else {
        series.sketch.add(value.number, value.weight);
      }
      break;
    case Measure::set:
      if (series.members.size() < limits::set_members_max) {
        series.members.emplace(value.member);
      } else if (!series.members.contains(std::string(value.member))) {
        ++interval.over_limit[series.name];
      }
      break;
  }
}

MetricKind kind_of(Measure measure) {
  if (measure == Measure::count) return MetricKind::count;
  return measure == Measure::distribution ? MetricKind::distribution : MetricKind::gauge;
}

double value_of(const MetricSeries& series) {
  if (series.measure == Measure::count) return series.sum;
  if (series.measure == Measure::set) return static_cast<double>(series.members.size());
  return series.measure == Measure::gauge ? series.last : 0;
}

}  // namespace

std::vector<MetricPoint> points_of(MetricInterval interval) {
  std::vector<MetricPoint> points;
  points.reserve(interval.series.size());
  for (auto& [key, series] : interval.series) {
    MetricPoint made{.name = std::move(series.name),
                     .host = std::move(series.host),
                     .tags = std::move(series.tags),
                     .time = {interval.begin_s * kNanosPerSecond},
                     .interval_s = MetricAggregator::kIntervalS};
    if (series.measure == Measure::histogram) {
      put_histogram(made, series.sketch, points);
      continue;
    }
    made.kind = kind_of(series.measure);
    made.value = value_of(series);
    made.sketch = std::move(series.sketch);
    points.push_back(std::move(made));
  }
  return points;
}

MetricInterval& MetricAggregator::interval_at(UnixNanos now) {
  const std::int64_t second = now.value / kNanosPerSecond;
  const std::int64_t begin = second - second % kIntervalS;
  MetricInterval& interval = intervals_[begin];
  interval.begin_s = begin;
  return interval;
}

// Null when there is no place for the metric.
MetricSeries* MetricAggregator::series_for(MetricInterval& interval, const MetricLabels& labels) {
  const Hash128 own = key_of(labels, labels.tags);
  if (const auto known = interval.series.find(own); known != interval.series.end())
    return &known->second;
  const std::string name(labels.name);
  const auto metric = interval.series_of_metric.find(name);
  const bool full = interval.series.size() >= series_max_;
  if (full && metric == interval.series_of_metric.end()) return nullptr;
  const bool over = full || (metric != interval.series_of_metric.end() &&
                             metric->second >= series_per_metric_max_);
  const std::array overflow{std::string(kOverflowTag)};
  MetricLabels placed = labels;
  if (over) {
    ++interval.over_limit[name];
    placed.host = {};
    placed.tags = overflow;
  } else {
    ++interval.series_of_metric[name];
  }
  const auto [at, made] = interval.series.try_emplace(over ? key_of(placed, overflow) : own);
  if (made) {
    ++series_;
    at->second.name = name;
    at->second.host = placed.host;
    at->second.tags.assign(placed.tags.begin(), placed.tags.end());
    at->second.measure = labels.measure;
  }
  return &at->second;
}

bool MetricAggregator::add_alike(const Hash128& alike, const MetricValue& value, UnixNanos now) {
  MetricInterval& interval = interval_at(now);
  const auto known = interval.alike.find(alike);
  if (known == interval.alike.end()) return false;
  put(interval, *known->second, value);
  return true;
}

bool MetricAggregator::add(const Hash128& alike, const MetricLabels& labels,
                           const MetricValue& value, UnixNanos now) {
  MetricInterval& interval = interval_at(now);
  MetricSeries* series = series_for(interval, labels);
  if (series == nullptr) return false;
  put(interval, *series, value);
  // What has no place of its own is looked for again each time, so that it is counted.
  const bool placed = series->tags.size() != 1 || series->tags.front() != kOverflowTag;
  if (placed && interval.alike.size() < series_max_) interval.alike.emplace(alike, series);
  return true;
}

std::optional<MetricInterval> MetricAggregator::take(UnixNanos until) {
  if (intervals_.empty()) return std::nullopt;
  const auto oldest = intervals_.begin();
  if (oldest->first + kIntervalS > until.value / kNanosPerSecond) return std::nullopt;
  std::optional<MetricInterval> interval = std::move(oldest->second);
  intervals_.erase(oldest);
  series_ -= interval->series.size();
  return interval;
}

}  // namespace catalejo::pipeline
