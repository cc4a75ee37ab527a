// What had to be changed so that a text could be read at all.
#pragma once

#include <cstdint>

namespace catalejo::codec {

using Notes = std::uint32_t;
inline constexpr Notes note_invalid_utf8 = 1u << 0;  // bytes or escapes replaced by U+FFFD
inline constexpr Notes note_number_text = 1u << 1;   // NaN or infinity → null, huge → text

}  // namespace catalejo::codec
