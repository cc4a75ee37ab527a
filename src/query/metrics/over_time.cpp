#include "query/metrics/over_time.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "query/metrics/reduce.hpp"

namespace catalejo::query::metrics {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Of each value and the one before it: `change(delta, seconds)`.
template <typename Change>
void between_values(Line& line, std::int64_t step_s, Change&& change) {
  double before = kNone;
  std::size_t before_at = 0;
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    const double value = line.values[i];
    if (std::isnan(value)) continue;
    const auto seconds = static_cast<double>(static_cast<std::int64_t>(i - before_at) * step_s);
    line.values[i] = std::isnan(before) ? kNone : change(value - before, seconds);
    before = value;
    before_at = i;
  }
}

void sum_up(Line& line, double factor) {
  double sum = 0;
  for (double& value : line.values) {
    if (std::isnan(value)) continue;
    sum += value * factor;
    value = sum;
  }
}

// One line: seconds since any of the lines had a value.
Lines time_between(Lines lines) {
  Line all{.tags = {}, .values = std::vector<double>(lines.grid.size, kNone)};
  std::optional<std::size_t> before;
  for (std::size_t i = 0; i < lines.grid.size; ++i) {
    const bool has = std::ranges::any_of(
        lines.lines, [i](const Line& line) { return !std::isnan(line.values[i]); });
    if (!has) continue;
    if (before)
      all.values[i] =
          static_cast<double>(static_cast<std::int64_t>(i - *before) * lines.grid.step_s);
    before = i;
  }
  lines.by.clear();
  lines.lines.clear();
  lines.lines.push_back(std::move(all));
  return lines;
}

struct Trend {
  double slope = 0, level = 0;  // level at place 0
  double at(std::size_t place) const { return level + slope * static_cast<double>(place); }
};

// Weighted least squares; nothing of fewer than two values.
std::optional<Trend> fitted(std::span<const double> values, std::span<const double> weights) {
  double w = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const auto place = static_cast<double>(i);
    w += weights[i];
    x += weights[i] * place;
    y += weights[i] * values[i];
    xx += weights[i] * place * place;
    xy += weights[i] * place * values[i];
  }
  const double spread = w * xx - x * x;
  if (!(spread > 0)) return std::nullopt;
  const double slope = (w * xy - x * y) / spread;
  return Trend{.slope = slope, .level = (y - slope * x) / w};
}

// Huber's: what lies far off counts less, in rounds.
void put_trend(Line& line, bool robust) {
  constexpr int kRounds = 20;
  constexpr double kHuber = 1.345, kOfDeviation = 1.4826;
  std::vector<double> weights(line.values.size(), 1);
  std::optional<Trend> trend = fitted(line.values, weights);
  for (int round = 0; robust && trend && round < kRounds; ++round) {
    std::vector<double> distances(line.values.size());
    for (std::size_t i = 0; i < distances.size(); ++i)
      distances[i] = std::abs(line.values[i] - trend->at(i));
    const double scale = kOfDeviation * quantile_of_values(distances, 0.5);
    if (!(scale > 0)) break;
    for (std::size_t i = 0; i < weights.size(); ++i)
      weights[i] = distances[i] <= kHuber * scale ? 1 : kHuber * scale / distances[i];
    trend = fitted(line.values, weights);
  }
  for (std::size_t i = 0; i < line.values.size(); ++i)
    line.values[i] = trend ? trend->at(i) : kNone;
}

double of_window(std::span<const double> window, Moving method) {
  switch (method) {
    case Moving::avg:
      return reduced(window, Reducer::avg, 1);
    case Moving::sum:
      return reduced(window, Reducer::sum, 1);
    case Moving::min:
      return reduced(window, Reducer::min, 1);
    case Moving::max:
      return reduced(window, Reducer::max, 1);
    case Moving::median:
      return quantile_of_values(window, 0.5);
  }
  return kNone;
}

}  // namespace

std::optional<Moving> moving_of(std::string_view word) {
  if (word == "avg") return Moving::avg;
  if (word == "sum") return Moving::sum;
  if (word == "min") return Moving::min;
  if (word == "max") return Moving::max;
  if (word == "median") return Moving::median;
  return std::nullopt;
}

Lines ewma(Lines lines, std::size_t span) {
  const double weight = 2 / (static_cast<double>(span) + 1);
  for (Line& line : lines.lines) {
    double mean = kNone;
    for (double& value : line.values) {
      if (std::isnan(value)) continue;
      mean = std::isnan(mean) ? value : mean + weight * (value - mean);
      value = mean;
    }
  }
  return lines;
}

Lines moving(Lines lines, std::size_t places, Moving method) {
  for (Line& line : lines.lines) {
    const std::vector<double> values = line.values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isnan(values[i])) continue;
      const std::size_t from = i + 1 > places ? i + 1 - places : 0;
      line.values[i] = of_window(std::span(values).subspan(from, i + 1 - from), method);
    }
  }
  return lines;
}

Lines over_time(std::string_view function, Lines lines) {
  if (function == "dt") return time_between(std::move(lines));
  const std::int64_t step_s = lines.grid.step_s;
  const auto positive = [](double per, double delta, double seconds) {
    return delta < 0 ? kNone : delta / seconds * per;
  };
  for (Line& line : lines.lines) {
    if (function == "per_second" || function == "per_minute" || function == "per_hour") {
      const double per = function == "per_second" ? 1 : function == "per_minute" ? 60 : 3'600;
      between_values(line, step_s, [&](double d, double s) { return positive(per, d, s); });
    } else if (function == "diff") {
      between_values(line, step_s, [](double d, double) { return d; });
    } else if (function == "monotonic_diff") {
      between_values(line, step_s, [](double d, double) { return d < 0 ? kNone : d; });
    } else if (function == "derivative") {
      between_values(line, step_s, [](double d, double s) { return d / s; });
    } else if (function == "throughput") {
      for (double& value : line.values) value /= static_cast<double>(step_s);
    } else if (function == "cumsum") {
      sum_up(line, 1);
    } else if (function == "integral") {
      sum_up(line, static_cast<double>(step_s));
    } else if (function == "trend_line" || function == "robust_trend") {
      put_trend(line, function == "robust_trend");
    }
  }
  return lines;
}

}  // namespace catalejo::query::metrics
