// Statistics of spans that a tracer makes itself (Datadog's ClientStatsPayload). The texts of what
// is read point into the body.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/trace_stats.hpp"

namespace catalejo::intake::dd_apm {

// /v0.6/stats: one payload {"Stats":[bucket]}, each bucket {"Stats":[group]}. The agentless form of
// /api/v0.2/stats wraps payloads once more: then `wrapped`. Errors: malformed, too many groups.
Result<model::TraceStats> parse_stats(std::string_view body, bool wrapped);

}  // namespace catalejo::intake::dd_apm
