// A value against a JSON Schema, as far as structured output and tool definitions use it: type,
// enum, const, properties, required, additionalProperties, items, anyOf, oneOf, allOf, $ref within
// the document, lengths and bounds. What it does not know is no violation. Private to this room
// (includes simdjson.h).
#pragma once

#include <optional>
#include <string>

#include "codec/json_dom.hpp"

namespace catalejo::evaluate {

// The first violation, as a sentence with its place; nothing when the value is valid.
std::optional<std::string> schema_violation(codec::dom::element schema, codec::dom::element value);

}  // namespace catalejo::evaluate
