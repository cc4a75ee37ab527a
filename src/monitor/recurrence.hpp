// When something comes again: an RRULE of RFC 5545 in a time zone (libical inside). Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace catalejo::monitor {

// Unix seconds; `to_s` is not in it any more, 0 = it has no end.
struct Window {
  std::int64_t from_s = 0, to_s = 0;
  bool operator==(const Window&) const = default;
};

struct Recurrence {
  std::string rule;   // "FREQ=WEEKLY;BYDAY=MO,TU"
  std::string start;  // where it begins, by the clocks of the zone: "20260105T220000"
  std::int64_t length_s = 0;
  std::string zone;  // "Europe/Madrid"
};

// Whether the system knows a zone of that name.
bool is_zone(const std::string& name);
// "2026-01-05T22:00" or "…:00" as a Recurrence has it. Errors: bad_request.
Result<std::string> local_time_of(std::string_view text);
// What clocks there show at that time.
std::string local_time_at(std::int64_t at_s, const std::string& zone);
// Of "30m", "2h", "1d", "1w". Errors: bad_request.
Result<std::int64_t> length_of(std::string_view text);
// Errors: bad_request, when there is no such rule or zone, or it has no time at all.
Result<void> check(const Recurrence& recurrence);

// The first of its windows that is not over at that time; nullopt when there is none any more.
// Clocks that are put forward make a time that is skipped come an hour later, as RFC 5545 has it;
// of two times of the same name the first counts.
std::optional<Window> window_at(const Recurrence& recurrence, std::int64_t at_s);
// The end of the last one; 0 = it goes on without end, or nobody has counted so far.
std::int64_t last_end_of(const Recurrence& recurrence);

}  // namespace catalejo::monitor
