// UTF-8: is it, and if not, make it so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace catalejo::codec {

bool is_utf8(std::string_view text);

// Appends `text` with every maximal run of bytes that cannot be part of UTF-8 replaced by one
// U+FFFD each, as browsers do it. True when something was replaced.
bool append_as_utf8(std::string& out, std::string_view text);

// The longest prefix of at most `bytes_max` bytes that does not end inside a character.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

}  // namespace catalejo::codec
