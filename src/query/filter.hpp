// Which spans a page asks for: the query parameters of the page's API, checked and parsed.
// docs/en/reference/http-api.md and src/api/openapi.json say what each parameter means.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "query/search/search.hpp"
#include "query/search/words.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

// Decoded, in order; a name may occur more than once.
using Parameters = std::vector<std::pair<std::string, std::string>>;

enum class View {
  traces,  // LLM root spans, one per trace
  spans,   // every span with an LLM half
  apm,     // every span with an APM half
};

// A column that can be filtered and counted by its value.
struct Field {
  std::string_view parameter;  // "session"
  std::string_view column;     // "session_id"; for status an expression
  bool many_values = false;    // nearly one per trace
};
// nullptr when there is no field of that name.
const Field* find_field(std::string_view parameter);

struct FieldFilter {
  const Field* field = nullptr;
  std::vector<std::string> wanted;    // any of them
  std::vector<std::string> excluded;  // none of them
};

struct TagFilter {
  std::string key, value;
  bool excluded = false;
};

struct PriceTable;

struct Filter {
  View view = View::traces;
  UnixNanos from, to;  // both included
  std::vector<FieldFilter> fields;
  std::vector<TagFilter> tags;
  std::optional<search::Query> search;
  // Where alone something can be found; narrowed() (reader.hpp) sets it, and looks up what the
  // search says of evaluations.
  std::optional<std::vector<search::Stretch>> stretches;
  std::optional<std::int64_t> duration_ns_min, duration_ns_max;
  std::optional<TraceId> trace_id;  // LLMObs or APM id
  std::optional<SpanId> span_id;
  // What @cost and @trace.cost count by; nullptr: what the application sent itself, and no more.
  std::shared_ptr<const PriceTable> prices;

  // Error bad_request when the search makes no sense; `where` names the parameter it came in.
  Result<void> set_search(std::string_view text, std::string where);
  // Adds to the field's filter, making it when there is none. A leading '-' excludes.
  Result<void> add_value(const Field& field, std::string_view value);
};

// `also_allowed` are the parameters of the route that are no filters ("limit", "cursor"); any
// other unknown name is an error, for a misspelt filter would silently show everything.
Result<Filter> parse_filter(const Parameters& parameters, View view_default, UnixNanos now,
                            const std::vector<std::string_view>& also_allowed);

// A search that is refused, as every refused parameter is: by name and with a sentence. Who wants
// the place of the problem asks search::read() again.
Error error_of(const search::Problem& problem, std::string where);

// Appends the condition of a WHERE.
void write_condition(StatementBuilder& out, const Filter& filter);
// That a span started in one of them.
void write_stretches(StatementBuilder& out, const std::vector<search::Stretch>& stretches);

}  // namespace catalejo::query
