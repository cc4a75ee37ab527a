// Reads one character after the other; a byte that is no UTF-8 counts as a character of its own.
#pragma once

#include <cstddef>
#include <string_view>

namespace catalejo::evaluate {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

inline Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
  if (size == 1 || at + size > text.size()) return {0xfffd, 1};
  char32_t code = first & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {0xfffd, 1};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  return {code, size};
}

}  // namespace catalejo::evaluate
