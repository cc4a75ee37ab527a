#include "base/ids.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstring>

#include "base/hash.hpp"

namespace catalejo {
namespace {

// Parses decimal digits into 128 bits; nullopt on overflow or any other character.
std::optional<TraceId> parse_decimal128(std::string_view text) {
  if (text.empty() || text.size() > 39) return std::nullopt;
  __extension__ using Wide = unsigned __int128;
  Wide value = 0;
  for (char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    const Wide next = value * 10 + static_cast<unsigned>(digit - '0');
    if (next / 10 != value) return std::nullopt;
    value = next;
  }
  return TraceId{static_cast<std::uint64_t>(value >> 64), static_cast<std::uint64_t>(value)};
}

std::optional<TraceId> parse_hex128(std::string_view text) {
  const auto high = parse_hex64(text.substr(0, 16));
  const auto low = parse_hex64(text.substr(16));
  if (!high || !low) return std::nullopt;
  return TraceId{*high, *low};
}

}  // namespace

std::string to_hex(TraceId id) {
  return fmt::format("{:016x}{:016x}", id.high, id.low);
}

std::string to_decimal(SpanId id) {
  return fmt::format("{}", id.value);
}

std::array<char, 16> to_bytes(TraceId id) {
  std::array<char, 16> bytes;
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(id.high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<char>(id.low >> (56 - 8 * i));
  }
  return bytes;
}

TraceId trace_id_from_bytes(std::string_view bytes16) {
  TraceId id;
  for (std::size_t i = 0; i < 8 && i < bytes16.size(); ++i)
    id.high = id.high << 8 | static_cast<unsigned char>(bytes16[i]);
  for (std::size_t i = 8; i < 16 && i < bytes16.size(); ++i)
    id.low = id.low << 8 | static_cast<unsigned char>(bytes16[i]);
  return id;
}

std::optional<std::uint64_t> parse_hex64(std::string_view text) {
  if (text.empty() || text.size() > 16) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_decimal64(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<TraceId> parse_trace_id(std::string_view text) {
  if (text.size() == 32) return parse_hex128(text);
  if (auto decimal = parse_decimal128(text)) return decimal;
  if (text.size() == 16) {
    if (auto low = parse_hex64(text)) return TraceId{0, *low};
  }
  if (text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
      text[23] == '-') {
    std::string hex;
    for (char c : text)
      if (c != '-') hex += c;
    if (hex.size() == 32) return parse_hex128(hex);
  }
  return std::nullopt;
}

TraceId trace_id_from_text(std::string_view text) {
  const Hash128 hash = hash128(text);
  return {hash.high | 1, hash.low};
}

std::optional<SpanId> parse_span_id(std::string_view text) {
  if (auto decimal = parse_decimal64(text)) return SpanId{*decimal};
  if (text.size() == 16) {
    if (auto hex = parse_hex64(text)) return SpanId{*hex};
  }
  return std::nullopt;
}

SpanId span_id_from_text(std::string_view text) {
  return {hash128(text).low | 1};
}

}  // namespace catalejo
