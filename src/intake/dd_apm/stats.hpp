// Trace statistics that a tracer computes itself. They are read as far as to know that they are
// whole and how much they hold; they are not kept yet, and /info does not ask for them.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace catalejo::intake::dd_apm {

struct StatsCount {
  std::uint64_t buckets = 0;  // time windows
  std::uint64_t groups = 0;   // service, name, resource, … within one
};

// /v0.6/stats: one payload {"Stats":[bucket]}, each bucket {"Stats":[group]}. The agentless form of
// /api/v0.2/stats wraps payloads once more: then `wrapped`.
Result<StatsCount> count_stats(std::string_view body, bool wrapped);

}  // namespace catalejo::intake::dd_apm
