// Points in time and spans of it, as the wire and the database hold them: nanoseconds in int64.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace catalejo {

struct UnixNanos {
  std::int64_t value = 0;
  auto operator<=>(const UnixNanos&) const = default;
};

inline constexpr std::int64_t kNanosPerMicro = 1'000;
inline constexpr std::int64_t kNanosPerMilli = 1'000'000;
inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr std::int64_t kNanosPerDay = 86'400 * kNanosPerSecond;

UnixNanos now();                  // wall clock
std::int64_t steady_now_nanos();  // monotonic, for intervals only

// "2026-11-24T03:46:59.123456789Z"; parts of a second only when there are any.
std::string to_rfc3339(UnixNanos time);
// RFC 3339 with any offset, or a date alone (midnight UTC).
std::optional<UnixNanos> parse_rfc3339(std::string_view text);
// What people and Datadog's API write: RFC 3339, milliseconds since 1970 as digits, "now",
// "now-15m" (units s m h d w).
std::optional<UnixNanos> parse_time(std::string_view text, UnixNanos now);
// "20261124", the name of a day partition (UTC).
std::uint32_t day_number(UnixNanos time);

}  // namespace catalejo
