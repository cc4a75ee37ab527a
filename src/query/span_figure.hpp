// One figure of the spans that a search finds and that ended in a time, by groups: how many, how
// many different, or what is reckoned of a value of theirs. What monitors of spans compare.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "query/cost_reader.hpp"
#include "query/filter.hpp"
#include "query/search/attributes.hpp"

namespace catalejo::query {

enum class Figure : std::uint8_t { count, cardinality, sum, avg, min, max, quantile };

// A name of the search language as it is written, and what it means.
struct NamedTarget {
  std::string key;
  search::Target target;
};

struct SpanFigure {
  View view = View::spans;
  search::Query search;
  Figure figure = Figure::count;
  double quantile = 0.5;
  std::optional<NamedTarget> measure;  // of all but count
  std::vector<NamedTarget> by;
};

// Whether numbers can be had of it; whether spans can be told apart by it.
bool is_measurable(const search::Target& target);
bool is_groupable(const search::Target& target);

// Spans by when they ended, on a grid; without a step they are one.
struct FigureSteps {
  std::int64_t begin_s = 0, step_s = 0;
};

struct FigureRow {
  std::int64_t place = 0;           // on the grid
  std::vector<std::string> groups;  // one text for each of `by`
  std::optional<double> value;      // none: no span has a value
  std::uint64_t spans = 0;
  std::int64_t first_s = 0;  // when the first of them ended
};

// `filter` has the search, and begins so long before `from_s` as a span may last. Spans without a
// value of one of the groups are left out.
Statement plan_span_figure(const SpanFigure& figure, const Filter& filter, std::int64_t from_s,
                           std::int64_t to_s, FigureSteps steps = {});
Result<std::vector<FigureRow>> read_span_figure(std::string_view body, std::size_t groups,
                                                FigureSteps steps = {});

// Of spans that ended from `from_s` on, and before `to_s`. `costs`, when it is there, knows the
// prices. Errors: of the store; bad_request for too many groups.
Task<Result<std::vector<FigureRow>>> ask_span_figure(store::Store& store, CostReader* costs,
                                                     SpanFigure figure, std::int64_t from_s,
                                                     std::int64_t to_s, FigureSteps steps = {});

}  // namespace catalejo::query
