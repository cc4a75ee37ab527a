// What became of each event. submitted + recovered = acknowledged + queued + spooled + all of lost.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace catalejo::tracer {

enum class Loss : std::uint8_t { queue_full, refused, unreachable, too_large, shutdown, failed };
inline constexpr std::array<const char*, 6> kLossNames = {"queue_full", "refused",  "unreachable",
                                                          "too_large",  "shutdown", "failed"};

struct Counts {
  std::uint64_t submitted = 0;
  std::uint64_t recovered = 0;  // found on disk, left there by an earlier process
  std::uint64_t sent = 0;       // in a request that was written whole, each event once
  std::uint64_t acknowledged = 0;
  std::uint64_t queued = 0;  // in memory, in flight included
  std::uint64_t spooled = 0;
  std::array<std::uint64_t, kLossNames.size()> lost = {};
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  std::map<std::string, std::uint64_t> redacted = {};  // by rule

  std::uint64_t& lost_by(Loss reason) { return lost[static_cast<std::size_t>(reason)]; }
  std::uint64_t lost_all() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t one : lost) sum += one;
    return sum;
  }
};

}  // namespace catalejo::tracer
