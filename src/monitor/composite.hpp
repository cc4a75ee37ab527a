// What the groups of its members make of a composite monitor's own. Pure.
#pragma once

#include <string>
#include <vector>

#include "monitor/readings.hpp"

namespace catalejo::monitor {

// What is known of a member when the composite is looked at.
struct Member {
  std::string name;
  std::vector<std::string> by;  // what it is grouped by; empty: it has one group
  std::vector<model::MonitorGroup> groups;
};

// Of members with groups those count that all of them have, by the values of their tags: of the
// member that is grouped by the most, each group goes with those of the others whose values it has.
std::vector<Reading> read_members(const Composite& composite, const std::vector<Member>& members,
                                  std::int64_t at_s);

// Why the monitor of this id cannot be a member; empty: it can. nullptr: it is not there.
std::string no_member(std::int64_t id, const Definition* definition);

}  // namespace catalejo::monitor
