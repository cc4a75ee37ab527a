#include "query/metrics/reduce.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "query/metrics/functions.hpp"

namespace catalejo::query::metrics {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

using Kind = Expression::Kind;

// The first metric of it says how a line is reduced.
Reducer reducer_for(const Expression& expression, const std::vector<Reducer>& reducers) {
  if (expression.kind == Kind::metric) return reducers[expression.metric];
  for (const Expression& child : expression.children)
    if (child.kind != Kind::number) return reducer_for(child, reducers);
  return Reducer::avg;
}

}  // namespace

bool only_reckons(const Expression& expression) {
  if (expression.kind == Kind::call && !is_of_single_values(expression.function)) return false;
  return std::ranges::all_of(expression.children, only_reckons);
}

std::optional<Reducer> reducer_of(std::string_view word) {
  if (word == "avg" || word == "mean") return Reducer::avg;
  if (word == "sum") return Reducer::sum;
  if (word == "min") return Reducer::min;
  if (word == "max") return Reducer::max;
  if (word == "last") return Reducer::last;
  if (word == "area") return Reducer::area;
  if (word == "l2norm" || word == "norm") return Reducer::l2norm;
  return std::nullopt;
}

double reduced(std::span<const double> values, Reducer reducer, std::int64_t step_s) {
  double sum = 0, squares = 0, low = kNone, high = kNone, last = kNone;
  std::size_t count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    ++count;
    sum += value;
    squares += value * value;
    low = std::fmin(low, value);
    high = std::fmax(high, value);
    last = value;
  }
  if (count == 0) return kNone;
  switch (reducer) {
    case Reducer::avg:
      return sum / static_cast<double>(count);
    case Reducer::sum:
      return sum;
    case Reducer::min:
      return low;
    case Reducer::max:
      return high;
    case Reducer::last:
      return last;
    case Reducer::area:
      return sum * static_cast<double>(step_s);
    case Reducer::l2norm:
      return std::sqrt(squares);
  }
  return kNone;
}

double quantile_of_values(std::span<const double> values, double q) {
  std::vector<double> known;
  for (const double value : values)
    if (!std::isnan(value)) known.push_back(value);
  if (known.empty()) return kNone;
  const double rank = std::clamp(q, 0.0, 1.0) * static_cast<double>(known.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const auto at = known.begin() + static_cast<std::ptrdiff_t>(below);
  std::ranges::nth_element(known, at);
  const double low = *at;
  if (below + 1 == known.size()) return low;
  const double high = *std::min_element(at + 1, known.end());
  return low + (rank - static_cast<double>(below)) * (high - low);
}

Lines reduced(Lines lines, Reducer reducer) {
  for (Line& line : lines.lines) line.values = {reduced(line.values, reducer, lines.grid.step_s)};
  lines.grid.step_s *= static_cast<std::int64_t>(std::max<std::size_t>(lines.grid.size, 1));
  lines.grid.size = 1;
  return lines;
}

bool counts_first(const Query& query) {
  const bool counts = std::ranges::any_of(query.metrics, &Metric::as_count);
  return counts && std::ranges::all_of(query.expressions, only_reckons);
}

Result<Lines> over_window(const Expression& expression, std::vector<Lines> metrics,
                          const std::vector<Reducer>& reducers, bool reckon_first) {
  if (!reckon_first || !only_reckons(expression)) {
    auto lines = evaluate(expression, metrics);
    if (!lines) return lines.error();
    return reduced(*std::move(lines), reducer_for(expression, reducers));
  }
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    metrics[i] = reduced(trimmed(std::move(metrics[i])), reducers[i]);
    metrics[i].grid = metrics.front().grid;  // one window, whatever the rollups were
  }
  return evaluate(expression, metrics);
}

}  // namespace catalejo::query::metrics
