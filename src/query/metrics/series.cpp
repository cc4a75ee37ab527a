#include "query/metrics/series.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "query/metrics/functions.hpp"

namespace catalejo::query::metrics {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

using Kind = Expression::Kind;

double apply(Kind kind, double left, double right) {
  switch (kind) {
    case Kind::add:
      return left + right;
    case Kind::subtract:
      return left - right;
    case Kind::multiply:
      return left * right;
    case Kind::divide:
      return right == 0 ? kNone : left / right;
    default:
      return kNone;
  }
}

// A side of an operation: lines, or one number.
struct Side {
  std::optional<double> number;
  Lines lines;
};

Side apply_to_number(Kind kind, Side side, double number, bool number_is_left) {
  for (Line& line : side.lines.lines)
    for (double& value : line.values)
      value = number_is_left ? apply(kind, number, value) : apply(kind, value, number);
  return side;
}

void apply_to_line(Kind kind, Line& left, const Line& right) {
  for (std::size_t i = 0; i < left.values.size(); ++i)
    left.values[i] = apply(kind, left.values[i], right.values[i]);
}

Result<Side> apply_to_lines(Kind kind, Side left, Side right, const Expression& where) {
  const auto wrong = [&](std::string_view why) { return error_at(why, where.begin); };
  if (left.lines.grid != right.lines.grid)
    return wrong("both sides of an operation need the same rollup");
  Side out{.number = {}, .lines = {.grid = left.lines.grid, .by = left.lines.by, .lines = {}}};
  if (left.lines.by == right.lines.by) {
    for (Line& line : left.lines.lines) {
      for (const Line& other : right.lines.lines) {
        if (other.tags != line.tags) continue;
        apply_to_line(kind, line, other);
        out.lines.lines.push_back(std::move(line));
        break;
      }
    }
    return out;
  }
  if (!left.lines.by.empty() && !right.lines.by.empty())
    return wrong("both sides of an operation need the same groups, or one side none");
  out.lines.by = left.lines.by.empty() ? right.lines.by : left.lines.by;
  for (const Line& line : left.lines.lines) {
    for (const Line& other : right.lines.lines) {
      Line made = line;
      apply_to_line(kind, made, other);
      made.tags = line.tags.empty() ? other.tags : line.tags;
      out.lines.lines.push_back(std::move(made));
    }
  }
  return out;
}

Result<Side> side_of(const Expression& expression, const std::vector<Lines>& metrics) {
  if (expression.kind == Kind::number) return Side{.number = expression.number, .lines = {}};
  if (expression.kind == Kind::metric)
    return Side{.number = {}, .lines = metrics[expression.metric]};
  Result<Side> left = side_of(expression.children.front(), metrics);
  if (!left) return left.error();
  if (expression.kind == Kind::call) {
    if (left->number)
      return error_at(fmt::format("{}() is of a metric, not of a number", expression.function),
                      expression.begin);
    Result<Lines> lines = apply_function(expression, std::move(left->lines));
    if (!lines) return lines.error();
    return Side{.number = {}, .lines = *std::move(lines)};
  }
  if (expression.kind == Kind::negate) {
    if (left->number) return Side{.number = -*left->number, .lines = {}};
    return apply_to_number(Kind::multiply, *std::move(left), -1, true);
  }
  Result<Side> right = side_of(expression.children.back(), metrics);
  if (!right) return right.error();
  if (left->number && right->number)
    return Side{.number = apply(expression.kind, *left->number, *right->number), .lines = {}};
  if (right->number)
    return apply_to_number(expression.kind, *std::move(left), *right->number, false);
  if (left->number) return apply_to_number(expression.kind, *std::move(right), *left->number, true);
  return apply_to_lines(expression.kind, *std::move(left), *std::move(right), expression);
}

// `from` and `to` have values, what lies between them has none.
void fill_between(Line& line, std::size_t from, std::size_t to, Fill::Kind kind) {
  const double first = line.values[from], last = line.values[to];
  for (std::size_t i = from + 1; i < to; ++i) {
    const double part = static_cast<double>(i - from) / static_cast<double>(to - from);
    line.values[i] = kind == Fill::Kind::last ? first : first + part * (last - first);
  }
}

}  // namespace

void fill_gaps(Line& line, const Fill& fill, const Grid& grid) {
  if (fill.kind == Fill::Kind::none) return;
  if (fill.kind == Fill::Kind::number) {
    for (double& value : line.values)
      if (std::isnan(value)) value = fill.number;
    return;
  }
  std::optional<std::size_t> before;
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    if (std::isnan(line.values[i])) continue;
    const bool gap = before && i > *before + 1;
    if (gap && static_cast<std::int64_t>(i - *before) * grid.step_s <= fill.seconds_max)
      fill_between(line, *before, i, fill.kind);
    before = i;
  }
  if (!before || fill.kind != Fill::Kind::last) return;
  for (std::size_t i = *before + 1; i < line.values.size(); ++i) {
    if (static_cast<std::int64_t>(i - *before) * grid.step_s > fill.seconds_max) break;
    line.values[i] = line.values[*before];
  }
}

Lines trimmed(Lines lines) {
  const std::size_t before = std::exchange(lines.grid.before, 0);
  if (before == 0) return lines;
  lines.grid.begin_s += static_cast<std::int64_t>(before) * lines.grid.step_s;
  lines.grid.size -= before;
  for (Line& line : lines.lines)
    line.values.erase(line.values.begin(),
                      line.values.begin() + static_cast<std::ptrdiff_t>(before));
  return lines;
}

Result<Lines> evaluate(const Expression& expression, const std::vector<Lines>& metrics) {
  Result<Side> side = side_of(expression, metrics);
  if (!side) return side.error();
  if (!side->number) return trimmed(std::move(side->lines));
  // A number alone is a line when there is a grid to draw it on.
  Lines lines{.grid = metrics.empty() ? Grid{} : metrics.front().grid, .by = {}, .lines = {}};
  lines = trimmed(std::move(lines));
  if (lines.grid.size > 0)
    lines.lines.push_back(
        {.tags = {}, .values = std::vector<double>(lines.grid.size, *side->number)});
  return lines;
}

}  // namespace catalejo::query::metrics
