// The query of a monitor of spans, as Datadog writes it:
//   llm-observability("@ml_app:shop").rollup("avg", "@duration").by("env").last("5m") > 2000000000
//   trace-analytics("service:shop status:error").rollup("count").last("1h") >= 10
// The search is of our own language.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "monitor/monitor_query.hpp"

namespace catalejo::monitor {

bool is_span_type(std::string_view type);
// Errors: bad_request with the place.
Result<MonitorQuery> parse_span_query(std::string_view type, std::string_view text);

}  // namespace catalejo::monitor
