// Times of metrics are given in Unix seconds.
#pragma once

#include <algorithm>
#include <limits>

#include "base/time.hpp"

namespace catalejo::model {

// The first or last moment there is when `seconds` is further away.
constexpr UnixNanos metric_time(std::int64_t seconds) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kNanosPerSecond;
  return {std::clamp(seconds, -kMost, kMost) * kNanosPerSecond};
}

}  // namespace catalejo::model
