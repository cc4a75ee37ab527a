// A search of events from a stranger, and a body that claims to be the database's answer: whatever
// is typed stays a parameter, and no body leads out of itself.
#include <cstdint>
#include <string>

#include "accounted.hpp"
#include "query/events/events.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catalejo;
  namespace events = query::events;
  if (size == 0) return 0;
  const std::string text = fuzz::text_of(data + 1, size - 1);
  if (data[0] % 2 == 1) {
    if (const auto rows = events::read_events(text))
      for (const events::EventRow& row : *rows) fuzz::require(row.event.tags.size() <= text.size());
    (void)events::read_counts(text);
    return 0;
  }
  auto search = events::parse(text);
  if (!search) {
    fuzz::require(search.error().code == Code::bad_request);
    return 0;
  }
  const events::Filter filter{.from_s = 0, .to_s = 60, .search = *std::move(search)};
  for (const query::Statement& statement :
       {events::plan_events(filter, {.limit = 1}), events::plan_counts(filter, 10),
        events::plan_checks(filter, 1)}) {
    std::size_t placeholders = 0;
    for (const char c : statement.sql) placeholders += c == '{' ? 1 : 0;
    // Each is used once, or again where an expression names it twice.
    fuzz::require(placeholders >= statement.parameters.size());
    fuzz::require(statement.sql.find(";") == std::string::npos);
  }
  return 0;
}
