// What a look changed, as events: so that a list or a timeline of events shows when something went
// wrong. Pure. The same look gives the same events with the same ids, however often it is made.
#pragma once

#include <string>
#include <vector>

#include "model/event.hpp"
#include "monitor/definition.hpp"
#include "store/monitors.hpp"

namespace catalejo::monitor {

// Of groups that have another status; not of one that is fine when it is first seen.
std::vector<model::Event> events_of(const store::MonitorLook& look, const Definition& definition,
                                    const std::string& page_url);

}  // namespace catalejo::monitor
