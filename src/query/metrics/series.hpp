// Lines of values on a grid of times, and what a query does with them. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "query/metrics/ast.hpp"

namespace catalejo::query::metrics {

struct Grid {
  std::int64_t begin_s = 0, step_s = 1;
  std::size_t size = 0;
  std::size_t before = 0;  // places before the time that was asked for, which functions learn from
  bool operator==(const Grid&) const = default;
};

// What a line says: values, or bounds of what is usual, or what is expected of the time to come.
enum class Role : std::uint8_t { value, lower, upper, forecast };

struct Line {
  std::vector<std::string> tags;  // "key:value" of what it was grouped by
  std::vector<double> values;     // one per place of the grid; NaN = none
  Role role = Role::value;
  bool outlier = false;  // it behaves unlike the others
};

struct Lines {
  Grid grid;
  std::vector<std::string> by;
  std::vector<Line> lines;
};

void fill_gaps(Line& line, const Fill& fill, const Grid& grid);

// Without the places before the time that was asked for.
Lines trimmed(Lines lines);

// What an expression comes to; `metrics` are the answers to Query::metrics. Lines of both sides of
// an operation belong together when their tags are the same, and one without tags to all. A place
// without a value on one side has none. Errors: bad_request when grids or groups do not fit.
Result<Lines> evaluate(const Expression& expression, const std::vector<Lines>& metrics);

}  // namespace catalejo::query::metrics
