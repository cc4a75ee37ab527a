// Functions of queries of metrics: which there are, what they take, what they make of lines.
// docs/formats/metric-queries.md lists them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "query/metrics/ast.hpp"
#include "query/metrics/series.hpp"

namespace catalejo::query::metrics {

// Empty when there is such a function; else a sentence that names it and says what to do.
std::string why_not(std::string_view function);
// What is wrong with the arguments of a call.
std::optional<Problem> problem_of(const Expression& call);
// A value of the result comes of the value in the same place alone.
bool is_of_single_values(std::string_view function);

// Tells the metrics of a query what functions around them need: another time, a rollup, a history.
void ask_for_functions(const Expression& expression, Query& query);

// Errors: bad_request.
Result<Lines> apply_function(const Expression& call, Lines lines);

}  // namespace catalejo::query::metrics
