// The newest calls of each kind, for whoever has to know what is usual before the first one comes.
#pragma once

#include <string_view>
#include <vector>

#include "query/span_row.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

// Those that succeeded and began at `from` or later; at most `of_a_kind` of an application, kind,
// name, model and deployment.
Statement plan_recent_calls(UnixNanos from, std::size_t of_a_kind);
// Oldest first: what tells their kind, times, tokens and cost. The views point into `body`.
Result<std::vector<SpanRow>> read_recent_calls(std::string_view body);

}  // namespace catalejo::query
