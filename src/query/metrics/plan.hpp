// The SELECT that answers one metric of a query, and its answer as lines on a common grid of times.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/metrics/ast.hpp"
#include "query/metrics/series.hpp"
#include "query/statement.hpp"

namespace catalejo::query::metrics {

// The rollup of the query, or one that makes a few hundred points of the time asked for. Errors:
// too many points for one answer.
Result<Grid> grid_of(const Metric& metric, std::int64_t from_s, std::int64_t to_s);

// What a question reads: points, or what they come to in so many seconds.
enum class Unit : std::int64_t { point = 0, five_minutes = 300, hour = 3'600 };

// The longest that gives the same answer.
Unit unit_of(const Metric& metric, const Grid& grid);

Statement plan(const Metric& metric, const Grid& grid);
Statement plan(const Metric& metric, const Grid& grid, Unit unit);
// Errors: database; bad_request when there are more groups or points than an answer holds.
Result<std::vector<Line>> read_lines(std::string_view body, const Metric& metric, const Grid& grid);

// Names of metrics that have points since `from_s`, by name: those that have `part` in them, and
// points of `host`; either may be empty.
Statement plan_names(std::int64_t from_s, std::string_view part, std::string_view host);

// Tags of a metric's points since the day of `from_s`, by name; hosts are the tag "host:…".
Statement plan_tags(std::int64_t from_s, std::string_view name);

}  // namespace catalejo::query::metrics
