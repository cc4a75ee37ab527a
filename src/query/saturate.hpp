// Sums of what clients sent: a duration of 292 years is somebody's mistake, not a reason to
// overflow.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace catalejo::query {

constexpr std::int64_t add_saturated(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? INT64_MAX : INT64_MIN;
}

// From `from` to `to`.
constexpr std::int64_t distance_saturated(UnixNanos from, UnixNanos to) {
  std::int64_t distance = 0;
  if (!__builtin_sub_overflow(to.value, from.value, &distance)) return distance;
  return to > from ? INT64_MAX : INT64_MIN;
}

constexpr UnixNanos shifted(UnixNanos time, std::int64_t nanos) {
  return {add_saturated(time.value, nanos)};
}

}  // namespace catalejo::query
