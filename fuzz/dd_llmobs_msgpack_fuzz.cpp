// LLMObs events as MessagePack: the first byte is made to be a map or an array.
#include "accounted.hpp"
#include "intake/dd_llmobs/events.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string body = catalejo::fuzz::text_of(data, size);
  if (!body.empty()) body[0] = static_cast<char>(body[0] | '\x80');
  const auto batch = catalejo::intake::dd_llmobs::parse_events(body);
  if (batch) catalejo::fuzz::require_accounted(*batch);
  return 0;
}
