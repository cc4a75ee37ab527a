// LLMObs events; a body that begins with a byte over 0x7f is read as MessagePack.
#include "accounted.hpp"
#include "intake/dd_llmobs/events.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto batch = catalejo::intake::dd_llmobs::parse_events(catalejo::fuzz::text_of(data, size));
  if (batch) catalejo::fuzz::require_accounted(*batch);
  return 0;
}
