// What a reading makes of a group: its next status, and whether somebody is told. A pure function;
// tests/monitor/*.test has its cases.
#pragma once

#include <optional>
#include <string_view>

#include "model/monitor.hpp"
#include "monitor/definition.hpp"
#include "monitor/readings.hpp"

namespace catalejo::monitor {

using model::MonitorGroup;
using model::MonitorStatus;

// What is told: from the status that was told last to the one that it has.
struct Told {
  MonitorStatus from = MonitorStatus::ok, to = MonitorStatus::ok;
  bool again = false;  // a reminder
};

struct Stepped {
  MonitorGroup group;
  bool changed = false;  // its status
  bool gone = false;     // nothing came of it for so long that it is forgotten
  bool muted = false;    // it would have been told
  std::optional<Told> told;
};

// A look at `at_s`. `reading` is nullptr when the answer does not name the group. `muted`: nothing
// is told now; what still holds when that ends is told then.
Stepped step(const Definition& definition, const MonitorGroup& before, const Reading* reading,
             std::int64_t at_s, bool muted);
// A group that is seen for the first time, in the first look at its monitor or in a later one.
MonitorGroup new_group(std::string name, std::int64_t at_s, bool first_look);

std::string_view word_of(MonitorStatus status);  // "Alert", as Datadog's API says it

}  // namespace catalejo::monitor
