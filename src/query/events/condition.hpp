// A search of events as the condition of a WHERE. Private to this folder.
#pragma once

#include "query/events/events.hpp"

namespace catalejo::query::events {

// Error bad_request for what means nothing here: a comparison, an attribute of a span.
Result<void> check(const search::Node& node, std::string_view text);
std::string write_condition(StatementBuilder& out, const search::Node& node);

}  // namespace catalejo::query::events
