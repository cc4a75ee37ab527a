// Limits of channels and downtimes; all others are in limits.hpp.
#pragma once

#include <cstddef>

namespace catalejo::limits {

inline constexpr std::size_t mail_addresses_max = 50;  // of one channel
inline constexpr std::size_t downtimes_max = 5'000;    // that are not over
inline constexpr std::size_t downtime_bytes_max = 32u << 10;
inline constexpr std::size_t downtime_recurrences_max = 5;  // of one schedule, as at Datadog
// Beginnings that are looked through for the one that holds, so that no rule takes for ever.
inline constexpr int downtime_steps_max = 20'000;
inline constexpr std::size_t downtime_rrule_bytes_max = 1'000;

}  // namespace catalejo::limits
