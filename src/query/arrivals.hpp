// What came in: the spans of a filter that were received in a stretch of time, first ones first.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/filter.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

struct Arrival {
  std::int64_t received_ms = 0;
  TraceId trace_id, apm_trace_id;
  SpanId span_id;
  std::string session_id;
};

struct ArrivalsPlan {
  Filter filter;
  UnixNanos after, to;  // received later than the one and not later than the other
  std::size_t rows_max = 0;
  std::optional<Arrival> behind;  // the last one of the page before
};
Statement plan_arrivals(const ArrivalsPlan& plan);
// Error database when the body is not what the plan promises.
Result<std::vector<Arrival>> read_arrivals(std::string_view body);

}  // namespace catalejo::query
