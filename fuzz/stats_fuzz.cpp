// Trace statistics, plain and wrapped.
#include "accounted.hpp"
#include "intake/dd_apm/stats.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body = catalejo::fuzz::text_of(data, size);
  for (const bool wrapped : {false, true}) {
    const auto stats = catalejo::intake::dd_apm::parse_stats(body, wrapped);
    if (!stats) continue;
    catalejo::fuzz::require(stats->groups.size() <= size && stats->buckets <= size);
    for (const auto& group : stats->groups) catalejo::fuzz::require(group.durations_s.count() >= 0);
  }
  return 0;
}
