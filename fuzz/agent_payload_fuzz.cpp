// Bodies of /api/v0.2/traces, from Agents that send on what tracers gave them.
#include "accounted.hpp"
#include "intake/dd_apm/traces.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto batch =
      catalejo::intake::dd_apm::parse_agent_payload(catalejo::fuzz::text_of(data, size));
  if (batch) catalejo::fuzz::require_accounted(*batch);
  return 0;
}
