#include "codec/json_writer.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#ifdef __SSE2__
#include <emmintrin.h>

#include <bit>
#endif

namespace catalejo::codec {
namespace {

// Up to here, growing the string once and filling it beats appending piece by piece.
constexpr std::size_t kShortBytes = 128;

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// How many bytes at the front can be copied as they are.
std::size_t plain_prefix(const char* bytes, std::size_t size) {
  std::size_t at = 0;
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1f);
  for (; at + 16 <= size; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + at));
    const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(block, last_control), last_control);
    const __m128i quotes =
        _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash));
    const unsigned found = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(control, quotes)));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
#endif
  while (at < size && !needs_escape(bytes[at])) ++at;
  return at;
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      break;
  }
  constexpr char kHex[] = "0123456789abcdef";
  out += "\\u00";
  out += kHex[static_cast<unsigned char>(c) >> 4];
  out += kHex[static_cast<unsigned char>(c) & 15];
}

template <typename Number>
std::string_view format(char (&buffer)[40], Number value) {
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, static_cast<std::size_t>(end - buffer)};
}

template <typename Float>
void append_float(std::string& out, Float value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char buffer[40];
  const std::string_view digits = format(buffer, value);
  out += digits;
  if (digits.find_first_of(".e") == std::string_view::npos) out += ".0";
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  std::size_t plain = plain_prefix(text.data(), text.size());
  if (plain == text.size() && plain <= kShortBytes) {
    const std::size_t at = out.size();
    out.resize(at + plain + 2);
    char* place = out.data() + at;
    *place = '"';
    text.copy(place + 1, plain);
    place[plain + 1] = '"';
    return;
  }
  out += '"';
  for (;;) {
    out.append(text.data(), plain);
    if (plain == text.size()) break;
    append_escape(out, text[plain]);
    text.remove_prefix(plain + 1);
    plain = plain_prefix(text.data(), text.size());
  }
  out += '"';
}

void append_json_key(std::string& out, char before, std::string_view key) {
  if (key.size() > kShortBytes || plain_prefix(key.data(), key.size()) != key.size()) {
    out += before;
    append_json_string(out, key);
    out += ':';
    return;
  }
  const std::size_t at = out.size();
  out.resize(at + key.size() + 4);
  char* place = out.data() + at;
  place[0] = before;
  place[1] = '"';
  key.copy(place + 2, key.size());
  place[key.size() + 2] = '"';
  place[key.size() + 3] = ':';
}

std::string json_quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void append_json_number(std::string& out, double value) {
  append_float(out, value);
}
void append_json_number(std::string& out, float value) {
  append_float(out, value);
}

void append_json_number(std::string& out, std::int64_t value) {
  char buffer[40];
  out += format(buffer, value);
}

void append_json_number(std::string& out, std::uint64_t value) {
  char buffer[40];
  out += format(buffer, value);
}

std::string& JsonObjectWriter::key(std::string_view key) {
  append_json_key(out_, empty_ ? '{' : ',', key);
  empty_ = false;
  return out_;
}

void JsonObjectWriter::close() {
  if (empty_) out_ += '{';
  out_ += '}';
}

}  // namespace catalejo::codec
