// The query of a monitor of spans, as Datadog writes it:
//   llm-observability("@ml_app:shop").rollup("avg", "@duration").by("env").last("5m") > 2000000000
//   trace-analytics("service:shop status:error").rollup("count").last("1h") >= 10
// The search is of our own language. With several, of spans and metrics, a formula over the
// variables of the monitor:
//   formula("failed / calls * 100").last("15m") > 5
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "monitor/monitor_query.hpp"
#include "query/metrics/named_queries.hpp"

namespace catalejo::monitor {

bool is_span_type(std::string_view type);
// Errors: bad_request with the place.
Result<MonitorQuery> parse_span_query(std::string_view type, std::string_view text);

bool is_formula(std::string_view text);
Result<MonitorQuery> parse_formula_query(std::string_view text,
                                         const std::vector<query::metrics::AskedQuery>& variables);

}  // namespace catalejo::monitor
