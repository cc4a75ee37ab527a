// Trace and span ids. A span id is not a trace id, so they are types of their own; how they are
// written lives with them. Wire forms differ by client: decimal, 16 or 32 hex digits, UUID.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace catalejo {

struct SpanId {
  std::uint64_t value = 0;  // 0 = none
  auto operator<=>(const SpanId&) const = default;
};

struct TraceId {
  std::uint64_t high = 0, low = 0;  // both 0 = none
  auto operator<=>(const TraceId&) const = default;
  bool empty() const { return high == 0 && low == 0; }
};
static_assert(sizeof(TraceId) == 16);  // width on disk, see docs/formats/log.md

// 32 lower-case hex digits.
std::string to_hex(TraceId id);
// 16 big-endian bytes, as the database column FixedString(16) holds them.
std::array<char, 16> to_bytes(TraceId id);
TraceId trace_id_from_bytes(std::string_view bytes16);
std::string to_decimal(SpanId id);

// Any form a client uses: up to 39 decimal digits (more than 32 or fewer than 32 characters),
// 32 hex digits, 16 hex digits when a letter occurs, a UUID with dashes. Exactly 32 digits are
// read as hex, as the clients send them. nullopt when the text is none of these.
std::optional<TraceId> parse_trace_id(std::string_view text);
// 16 (or fewer, at least 1) hex digits.
std::optional<std::uint64_t> parse_hex64(std::string_view text);
std::optional<std::uint64_t> parse_decimal64(std::string_view text);
// For a text that is no id at all: a stable 128-bit id made from it, never empty.
TraceId trace_id_from_text(std::string_view text);
// Decimal, or 16 hex digits when it is no decimal number.
std::optional<SpanId> parse_span_id(std::string_view text);
SpanId span_id_from_text(std::string_view text);

}  // namespace catalejo
