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
  bool operator==(const Grid&) const = default;
};

struct Line {
  std::vector<std::string> tags;  // "key:value" of what it was grouped by
  std::vector<double> values;     // one per place of the grid; NaN = none
};

struct Lines {
  Grid grid;
  std::vector<std::string> by;
  std::vector<Line> lines;
};

void fill_gaps(Line& line, const Fill& fill, const Grid& grid);

// What an expression comes to; `metrics` are the answers to Query::metrics. Lines of both sides of
// an operation belong together when their tags are the same, and one without tags to all. A place
// without a value on one side has none. Errors: bad_request when grids or groups do not fit.
Result<Lines> evaluate(const Expression& expression, const std::vector<Lines>& metrics);

}  // namespace catalejo::query::metrics
