// MessagePack to JSON text in one pass, so that one translator serves both encodings.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "codec/msgpack.hpp"
#include "codec/notes.hpp"

namespace catalejo::codec {

// Appends the next value of `reader` as JSON and gives the notes on what JSON could not hold:
// binary becomes base64 text, extensions and NaN and infinity become null, map keys become text,
// bytes that are no UTF-8 become U+FFFD. Errors: malformed, too_deep.
Result<Notes> append_msgpack_as_json(std::string& out, MsgpackReader& reader);

}  // namespace catalejo::codec
