// Bodies of eval-metric; the answer made from them must be JSON.
#include "accounted.hpp"
#include "intake/dd_llmobs/evaluations.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed =
      catalejo::intake::dd_llmobs::parse_evaluations(catalejo::fuzz::text_of(data, size));
  if (!parsed) return 0;
  catalejo::fuzz::require_accounted(parsed->batch);
  catalejo::fuzz::require_json(parsed->answer);
  return 0;
}
