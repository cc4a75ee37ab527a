#include "tape.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "codec/json_writer.hpp"
#include "release.hpp"

namespace catalejo::tracer {
namespace {

// Encoded in pieces of this many characters: the buffer is on the stack.
constexpr std::size_t kPieceCharacters = 512;
constexpr std::size_t kBytesPerCharacterMax = 6;  // \u0000
constexpr std::uint32_t kReplacement = 0xFFFD;

char* put_escape(char* place, std::uint32_t c) {
  constexpr char kHex[] = "0123456789abcdef";
  const char* const from = "\"\\\n\t\r\b\f";
  const char* const to = "\"\\ntrbf";
  *place++ = '\\';
  for (int at = 0; from[at] != 0; ++at) {
    if (static_cast<unsigned char>(from[at]) == c) {
      *place++ = to[at];
      return place;
    }
  }
  *place++ = 'u';
  *place++ = '0';
  *place++ = '0';
  *place++ = kHex[c >> 4];
  *place++ = kHex[c & 15];
  return place;
}

char* put_character(char* place, std::uint32_t c) {
  if (c < 0x80) {
    if (c < 0x20 || c == '"' || c == '\\') return put_escape(place, c);
    *place++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *place++ = static_cast<char>(0xC0 | (c >> 6));
    *place++ = static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *place++ = static_cast<char>(0xE0 | (c >> 12));
    *place++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    *place++ = static_cast<char>(0x80 | (c & 0x3F));
  } else {
    *place++ = static_cast<char>(0xF0 | (c >> 18));
    *place++ = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    *place++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    *place++ = static_cast<char>(0x80 | (c & 0x3F));
  }
  return place;
}

bool is_high(std::uint32_t c) {
  return c >= 0xD800 && c < 0xDC00;
}
bool is_low(std::uint32_t c) {
  return c >= 0xDC00 && c < 0xE000;
}

template <typename Unit>
void append_units(std::string& out, const Unit* units, std::size_t length) {
  char piece[kPieceCharacters * kBytesPerCharacterMax];
  std::size_t at = 0;
  while (at < length) {
    char* place = piece;
    const std::size_t end = std::min(length, at + kPieceCharacters);
    while (at < end) {
      std::uint32_t c = units[at++];
      if constexpr (sizeof(Unit) > 1) {
        if (is_high(c) && at < length && is_low(units[at])) {
          c = 0x10000 + ((c - 0xD800) << 10) + (units[at++] - 0xDC00u);
        } else if (is_high(c) || is_low(c) || c > 0x10FFFF) {
          c = kReplacement;
        }
      }
      place = put_character(place, c);
    }
    out.append(piece, static_cast<std::size_t>(place - piece));
  }
}

// A tape that holds another twice, and so on, is soon larger than any number.
std::size_t sum(std::size_t a, std::size_t b) {
  return a > ~b ? ~std::size_t{0} : a + b;
}

}  // namespace

void append_json_text(std::string& out, const Characters& text) {
  if (text.ascii) {
    codec::append_json_string(out, {static_cast<const char*>(text.data), text.length});
    return;
  }
  out += '"';
  switch (text.width) {
    case 1:
      append_units(out, static_cast<const std::uint8_t*>(text.data), text.length);
      break;
    case 2:
      append_units(out, static_cast<const std::uint16_t*>(text.data), text.length);
      break;
    default:
      append_units(out, static_cast<const std::uint32_t*>(text.data), text.length);
  }
  out += '"';
}

Tape::Tape(std::string text, std::vector<Hole> holes)
    : text_(std::move(text)), holes_(std::move(holes)), bytes_(text_.size()), least_(bytes_) {
  for (const Hole& hole : holes_) {
    if (hole.nested) {
      bytes_ = sum(bytes_, hole.nested->bytes());
      least_ = sum(least_, hole.nested->json_bytes_min());
      depth_ = std::max(depth_, hole.nested->depth() + 1);
    } else {
      bytes_ = sum(bytes_, hole.characters.length * hole.characters.width);
      least_ = sum(least_, hole.characters.length);
    }
  }
}

Tape::~Tape() {
  for (const Hole& hole : holes_) {
    if (hole.object != nullptr) release_later(hole.object);
  }
}

void Tape::append_to(std::string& out) const {
  std::size_t done = 0;
  for (const Hole& hole : holes_) {
    out.append(text_, done, hole.at - done);
    done = hole.at;
    if (hole.nested) {
      hole.nested->append_to(out);
    } else {
      append_json_text(out, hole.characters);
    }
  }
  out.append(text_, done);
}

}  // namespace catalejo::tracer
