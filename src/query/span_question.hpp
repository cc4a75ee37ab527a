// How Datadog's queries say what is wanted of spans: names of figures, of values and of groups; for
// formulas of dashboards and for monitors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/span_figure.hpp"

namespace catalejo::query {

// "count", "cardinality", "sum", "avg", "min", "max", "median", "pc95", "p95"
struct FigureName {
  std::string_view name;
  Figure figure;
  double quantile = 0;
};
std::optional<FigureName> figure_of(std::string_view word);

// What a figure can be of, and what spans can be told apart by, by its name; nothing when it
// cannot.
std::optional<NamedTarget> measure_for(Figure figure, std::string_view key);
std::optional<NamedTarget> group_for(std::string_view key);

// Names of Datadog's spans that are tags in a search of ours.
void as_datadog_means(search::Node& node);

struct SpanQuestion {
  std::string_view source;                // "spans": of processes; "llm_observability"
  std::string_view search;                // empty: all
  std::string_view aggregation, measure;  // "pc95", "@duration"
  std::vector<std::string> by;
};
bool is_span_source(std::string_view source);
// Errors: bad_request; `where` is which part.
Result<SpanFigure> figure_for(const SpanQuestion& question);

}  // namespace catalejo::query
