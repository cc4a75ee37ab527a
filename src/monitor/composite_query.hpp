// The query of a composite monitor: "12 && !(13 || 14)". Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/monitor.hpp"

namespace catalejo::monitor {

struct Composite {
  // In the order of how tightly they bind.
  enum class Kind : std::uint8_t { member, no, both, either };
  struct Step {
    Kind kind = Kind::member;
    std::size_t member = 0;  // of a member: its place
  };
  std::vector<std::int64_t> members;  // each once; messages call them a, b, c, …
  std::vector<Step> steps;            // operators behind what they join
};

// Errors: bad_request with the place.
Result<Composite> parse_composite(std::string_view text);

// What the statuses of the members come to, in their order, as Datadog's page "Composite Monitor"
// has it. `unknown`: it depends on one that is not known.
model::MonitorStatus status_of(const Composite& composite,
                               const std::vector<model::MonitorStatus>& members);

}  // namespace catalejo::monitor
