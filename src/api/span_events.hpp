// Datadog's read API for LLM spans: the search both of its routes make, and its answer
// (LLMObsSpansResponse of datadog-api-client).
#pragma once

#include <string>
#include <vector>

#include "net/http.hpp"
#include "query/cost_sum.hpp"
#include "query/reader.hpp"

namespace catalejo::api {

// GET …/spans/events: filter[from], filter[query], page[limit], …
Result<query::ListPlan> parse_span_events_query(const net::Request& request, UnixNanos now);
// POST …/spans/events/search: {"data":{"type":"spans","attributes":{…}}}
Result<query::ListPlan> parse_span_events_body(std::string_view body, UnixNanos now);

// One LLMObsSpanData with its cost, where that is known, and the evaluations that are about it.
void append_span_event(std::string& out, const query::SpanRow& row, const cost::Cost& cost,
                       const std::vector<const query::EvaluationRow*>& evaluations);

}  // namespace catalejo::api
