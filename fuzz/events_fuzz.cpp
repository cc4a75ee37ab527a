// Events and service checks from a stranger: each is accounted for, and every text is UTF-8.
#include <cstdint>
#include <string>

#include "accounted.hpp"
#include "intake/dd_events/events.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catalejo;
  if (size == 0) return 0;
  using Parse = Result<intake::dd_events::Parsed> (*)(std::string, UnixNanos);
  constexpr Parse kParsers[] = {intake::dd_events::parse_event, intake::dd_events::parse_check_run,
                                intake::dd_events::parse_agent_intake};
  const auto parsed = kParsers[data[0] % std::size(kParsers)](fuzz::text_of(data + 1, size - 1),
                                                              {1'700'000'000 * kNanosPerSecond});
  if (!parsed) return 0;
  std::uint64_t accounted = parsed->batch.events.size();
  for (const auto& [reason, count] : parsed->batch.events_rejected) accounted += count;
  fuzz::require(accounted == parsed->batch.events_received);
  fuzz::require(parsed->refused.has_value() == !parsed->batch.events_rejected.empty());
  fuzz::require_json(parsed->answer);
  for (const model::Event& event : parsed->batch.events) {
    fuzz::require(event.id != 0 && !event.title.empty());
    for (const std::string* text :
         {&event.title, &event.text, &event.host, &event.aggregation_key, &event.source_type})
      fuzz::require(codec::is_utf8(*text));
    for (const std::string& tag : event.tags) fuzz::require(codec::is_utf8(tag));
  }
  return 0;
}
