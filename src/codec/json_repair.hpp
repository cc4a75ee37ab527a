// The slow path of reading JSON, taken only when the strict parser refused a body: finds where
// and why, and mends what real clients get wrong without losing the rest.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "codec/notes.hpp"

namespace catalejo::codec {

struct RepairedJson {
  std::string text;
  Notes notes = 0;  // 0: nothing was wrong
};

// Bytes that are no UTF-8 and escapes of half a surrogate pair become U+FFFD, NaN and ±Infinity
// become null, integers over 64 bits and floats beyond a double become text. Anything else that
// is no JSON is an error: malformed with the byte offset, or too_deep.
Result<RepairedJson> repair_json(std::string_view text);

}  // namespace catalejo::codec
