// The tree behind a JsonDocument. Includes simdjson.h (a second of compile time): for .cpp files
// and headers private to a folder only.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

#include "codec/json.hpp"

namespace catalejo::codec {

namespace dom = simdjson::dom;

struct JsonDocument::State {
  dom::document document;
  Notes notes = 0;
};

// The tree of the last successful parse(); lives as long as the document.
inline dom::element root(const JsonDocument& document) {
  return document.state().document.root();
}

// Appends `value` as compact JSON.
void append_json(std::string& out, dom::element value);

// Convenience for optional fields: empty when the element is no string.
inline std::string_view text_or_empty(dom::element value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

}  // namespace catalejo::codec
