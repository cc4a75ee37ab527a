// Events and service checks: which, in the search language of the page, and their SELECTs and
// answers. Keys are source, status (error, warning, info, success …), priority, host, tags and
// aggregation_key, of checks also check (its name); any other key is one of a tag; words are looked
// for in title and text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/event.hpp"
#include "query/search/ast.hpp"
#include "query/statement.hpp"

namespace catalejo::query::events {

// Error bad_request, which says where.
Result<search::Node> parse(std::string_view text);

struct Filter {
  model::EventKind kind = model::EventKind::event;
  std::int64_t from_s = 0, to_s = 0;  // both included
  search::Node search;                // nothing: everything
  // Of each aggregation key only the newest event, which says how many there are.
  bool aggregated = false;
  // Of checks: those whose newest state is one of these; none: all of them.
  std::vector<model::CheckStatus> states = {};
};

struct Place {
  std::int64_t time_s = 0;
  std::uint64_t id = 0;
};

struct Page {
  std::size_t limit = 0, offset = 0;
  bool oldest_first = false;
  std::optional<Place> after = {};
};

struct EventRow {
  model::Event event;
  std::uint64_t alike = 1;  // of its aggregation key, itself included
};

Statement plan_events(const Filter& filter, const Page& page);
Statement plan_event(std::uint64_t id);
Result<std::vector<EventRow>> read_events(std::string_view body);

// How many there are, by step of the time and alert type.
struct Count {
  std::int64_t begin_s = 0;
  std::string alert_type;
  std::uint64_t count = 0;
};
Statement plan_counts(const Filter& filter, std::int64_t step_s);
Result<std::vector<Count>> read_counts(std::string_view body);

// The newest state of each check by name, host and tags; the worst first.
Statement plan_checks(const Filter& filter, std::size_t limit);

}  // namespace catalejo::query::events
