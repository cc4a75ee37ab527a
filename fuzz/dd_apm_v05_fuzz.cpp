// Bodies of /v0.5/traces.
#include "accounted.hpp"
#include "intake/dd_apm/traces.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto batch = catalejo::intake::dd_apm::parse_v05(catalejo::fuzz::text_of(data, size));
  if (batch) catalejo::fuzz::require_accounted(*batch);
  return 0;
}
