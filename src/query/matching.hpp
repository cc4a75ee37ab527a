// Questions of who goes over spans of its own accord: which of them a search means, how many there
// are, and what was said of them already.
#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "query/filter.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

using SpanKey = std::pair<TraceId, SpanId>;

// (trace_id, span_id) of those of the spans that the filter finds.
Statement plan_matching(const Filter& filter, const std::vector<SpanId>& spans);
Result<std::set<SpanKey>> read_matching(std::string_view body);

Statement plan_span_count(const Filter& filter);
Result<std::uint64_t> read_span_count(std::string_view body);

// Which of these evaluations are stored; their spans began between the times.
Statement plan_stored_evaluations(const std::vector<TraceId>& ids, UnixNanos from, UnixNanos to);
Result<std::set<TraceId>> read_stored_evaluations(std::string_view body);

}  // namespace catalejo::query
