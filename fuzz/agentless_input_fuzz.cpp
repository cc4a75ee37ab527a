// Bodies of /v1/input, inflated.
#include "accounted.hpp"
#include "intake/dd_agentless/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto batch =
      catalejo::intake::dd_agentless::parse_input(catalejo::fuzz::text_of(data, size));
  if (batch) catalejo::fuzz::require_accounted(*batch);
  return 0;
}
