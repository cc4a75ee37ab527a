// Words of a folded text: letters, digits, and an apostrophe within.
#pragma once

#include <cstddef>
#include <string_view>

#include "evaluate/text/byte_set.hpp"

namespace catalejo::evaluate {

inline constexpr ByteSet kWordBytes([](char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
});

// Calls `take(word, offset)` for each.
template <class Take>
void each_word(std::string_view folded, Take take) {
  for (std::size_t i = 0; i < folded.size();) {
    if (!kWordBytes.has(folded[i])) {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (end < folded.size() &&
           (kWordBytes.has(folded[end]) ||
            (folded[end] == '\'' && end + 1 < folded.size() && kWordBytes.has(folded[end + 1]))))
      ++end;
    take(folded.substr(i, end - i), i);
    i = end;
  }
}

}  // namespace catalejo::evaluate
