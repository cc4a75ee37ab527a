// Bodies of the public span intake.
#include "accounted.hpp"
#include "intake/dd_llmobs/events.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto batch =
      catalejo::intake::dd_llmobs::parse_public_spans(catalejo::fuzz::text_of(data, size));
  if (batch) catalejo::fuzz::require_accounted(*batch);
  return 0;
}
