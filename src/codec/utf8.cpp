#include "codec/utf8.hpp"

#include <simdjson.h>

#include <cstdint>
#include <cstring>

namespace catalejo::codec {
namespace {

bool is_ascii(const char* bytes, std::size_t size) {
  std::uint64_t seen = 0;
  std::size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes + at, 8);
    seen |= word;
  }
  for (; at < size; ++at) seen |= static_cast<unsigned char>(bytes[at]);
  return (seen & 0x8080808080808080u) == 0;
}

struct Sequence {
  std::size_t size;  // bytes consumed, at least 1
  bool valid;
};

// One character at the front of `text`, by the table of well-formed sequences of the Unicode
// standard (3-7); for an ill-formed one, the length of its maximal valid start.
Sequence first_sequence(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {1, true};
  if (lead < 0xc2 || lead > 0xf4) return {1, false};
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  unsigned char low = 0x80, high = 0xbf;  // bounds of the second byte
  if (lead == 0xe0) low = 0xa0;           // not overlong
  if (lead == 0xed) high = 0x9f;          // no surrogates
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;  // not above U+10FFFF
  for (std::size_t at = 1; at < length; ++at) {
    if (at >= text.size() || byte(at) < low || byte(at) > high) return {at, false};
    low = 0x80;
    high = 0xbf;
  }
  return {length, true};
}

}  // namespace

bool is_utf8(std::string_view text) {
  // Most tags are short ASCII: answered here, before the run-time dispatch of simdjson.
  if (text.size() <= 64 && is_ascii(text.data(), text.size())) return true;
  return simdjson::validate_utf8(text.data(), text.size());
}

bool append_as_utf8(std::string& out, std::string_view text) {
  if (is_utf8(text)) {
    out.append(text);
    return false;
  }
  while (!text.empty()) {
    const Sequence next = first_sequence(text);
    out.append(next.valid ? text.substr(0, next.size) : std::string_view("\xEF\xBF\xBD"));
    text.remove_prefix(next.size);
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace catalejo::codec
