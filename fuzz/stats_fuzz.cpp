// Trace statistics, plain and wrapped.
#include "accounted.hpp"
#include "intake/dd_apm/stats.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body = catalejo::fuzz::text_of(data, size);
  for (const bool wrapped : {false, true}) {
    const auto count = catalejo::intake::dd_apm::count_stats(body, wrapped);
    if (count) catalejo::fuzz::require(count->groups <= size && count->buckets <= size);
  }
  return 0;
}
