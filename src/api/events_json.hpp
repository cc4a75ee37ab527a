// Events as Datadog's API gives them, for its clients: for this folder only.
#pragma once

#include <string>

#include "query/events/events.hpp"

namespace catalejo::api {

// Of v1: Event of datadog-api-client, with what older clients read beside it.
void append_event(std::string& out, const query::events::EventRow& row);
// Of v2: EventResponse.
void append_event_response(std::string& out, const query::events::EventRow& row);
// Ours: the newest state of a check.
void append_check(std::string& out, const query::events::EventRow& row);

}  // namespace catalejo::api
