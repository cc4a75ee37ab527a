#include <fmt/format.h>
#include <simdjson.h>

#include "api/parameters.hpp"
#include "api/span_events.hpp"
#include "base/limits.hpp"

namespace catalejo::api {
namespace {

constexpr std::size_t kRowsDefault = 10;  // as Datadog's
constexpr std::int64_t kRangeDefaultNanos = 900 * kNanosPerSecond;

// What both forms of the search say, as text.
struct Search {
  std::string from, to, query, span_id, trace_id, sort, cursor, limit;
  query::Parameters fields;  // "kind" → "llm"
  std::vector<query::TagFilter> tags;
};

Result<UnixNanos> parse_bound(std::string_view where, const std::string& text, UnixNanos fallback,
                              UnixNanos now) {
  if (text.empty()) return fallback;
  if (const auto time = parse_time(text, now)) return *time;
  return bad(std::string(where),
             fmt::format("'{}' is no time: write RFC 3339, milliseconds since 1970, or "
                         "now-15m",
                         text));
}

Result<void> add_ids(query::Filter& filter, const Search& search) {
  if (!search.trace_id.empty() && !(filter.trace_id = parse_trace_id(search.trace_id)))
    return bad("trace_id", fmt::format("'{}' is no trace id", search.trace_id));
  if (!search.span_id.empty() && !(filter.span_id = parse_span_id(search.span_id)))
    return bad("span_id", fmt::format("'{}' is no span id", search.span_id));
  return {};
}

Result<query::Filter> make_filter(const Search& search, UnixNanos now) {
  query::Filter filter;
  filter.view = query::View::spans;
  auto to = parse_bound("to", search.to, now, now);
  if (!to) return to.error();
  auto from = parse_bound("from", search.from, {to->value - kRangeDefaultNanos}, now);
  if (!from) return from.error();
  if (*from > *to) return bad("from", "from is after to");
  filter.from = *from;
  filter.to = *to;
  // A query stands instead of the single filters, as in the original.
  if (!search.query.empty()) {
    CATALEJO_TRY(filter.set_search(search.query, "filter[query]"));
    return filter;
  }
  CATALEJO_TRY(add_ids(filter, search));
  for (const auto& [name, value] : search.fields)
    CATALEJO_TRY(filter.add_value(*query::find_field(name), value));
  filter.tags = search.tags;
  return filter;
}

Result<query::ListPlan> make_plan(const Search& search, UnixNanos now) {
  auto filter = make_filter(search, now);
  if (!filter) return filter.error();
  query::ListPlan plan;
  plan.filter = *std::move(filter);
  plan.columns = query::Columns::all;
  plan.rows_max = kRowsDefault;
  if (!search.limit.empty()) {
    auto limit = parse_limit("page[limit]", search.limit, limits::page_rows_max);
    if (!limit) return limit.error();
    plan.rows_max = *limit;
  }
  if (!search.sort.empty()) {
    auto order = parse_order(search.sort, "timestamp");
    if (!order) return order.error();
    plan.order = *order;
  }
  if (!search.cursor.empty()) {
    auto cursor = query::parse_cursor(search.cursor);
    if (!cursor) return cursor.error();
    cursor->value.reset();  // these lists are sorted by time only
    plan.after = *cursor;
  }
  return plan;
}

// The place of a scalar by the name both forms share; nullptr when there is none.
std::string* place_of(Search& search, std::string_view name) {
  if (name == "from") return &search.from;
  if (name == "to") return &search.to;
  if (name == "query") return &search.query;
  if (name == "span_id") return &search.span_id;
  if (name == "trace_id") return &search.trace_id;
  return nullptr;
}

std::string_view field_of(std::string_view name) {
  if (name == "span_kind") return "kind";
  if (name == "span_name") return "name";
  return name == "ml_app" ? "ml_app" : "";
}

Result<void> add_filter(Search& search, std::string_view name, std::string_view value) {
  if (std::string* place = place_of(search, name)) {
    *place = value;
  } else if (const auto field = field_of(name); !field.empty()) {
    search.fields.emplace_back(field, value);
  } else {
    return bad(std::string(name), fmt::format("there is no filter '{}'", name));
  }
  return {};
}

// "filter[tag][team]" → "team"; empty when it is none.
std::string_view tag_key(std::string_view name) {
  for (const std::string_view prefix : {"filter[tag][", "filter[tags]["}) {
    if (name.starts_with(prefix) && name.ends_with(']'))
      return name.substr(prefix.size(), name.size() - prefix.size() - 1);
  }
  return {};
}

Result<void> add_parameter(Search& search, const std::string& name, const std::string& value) {
  constexpr std::string_view kFilter = "filter[";
  if (const auto key = tag_key(name); !key.empty()) {
    search.tags.push_back({std::string(key), value, false});
  } else if (name.starts_with(kFilter) && name.ends_with(']')) {
    return add_filter(
        search, std::string_view(name).substr(kFilter.size(), name.size() - kFilter.size() - 1),
        value);
  } else if (name == "page[limit]") {
    search.limit = value;
  } else if (name == "page[cursor]") {
    search.cursor = value;
  } else if (name == "sort") {
    search.sort = value;
  } else if (name != "include_attachments" && name != "api_key") {
    return bad(name, fmt::format("there is no parameter '{}' here", name));
  }
  return {};
}

using simdjson::dom::element;
using simdjson::dom::object;

std::string scalar_text(element value) {
  if (std::string_view text; value.get(text) == simdjson::SUCCESS) return std::string(text);
  return value.is_null() ? std::string() : simdjson::minify(value);
}

Result<void> read_filter(Search& search, element filter) {
  object fields;
  if (filter.get(fields) != simdjson::SUCCESS) return bad("filter", "must be an object");
  for (const auto& [name, value] : fields) {
    if (name != "tags") {
      CATALEJO_TRY(add_filter(search, name, scalar_text(value)));
      continue;
    }
    object tags;
    if (value.get(tags) != simdjson::SUCCESS) return bad("tags", "must be an object");
    for (const auto& [key, tag] : tags)
      search.tags.push_back({std::string(key), scalar_text(tag), false});
  }
  return {};
}

}  // namespace

Result<query::ListPlan> parse_span_events_query(const net::Request& request, UnixNanos now) {
  auto parameters = parameters_of(request);
  if (!parameters) return parameters.error();
  Search search;
  for (const auto& [name, value] : *parameters) CATALEJO_TRY(add_parameter(search, name, value));
  return make_plan(search, now);
}

Result<query::ListPlan> parse_span_events_body(std::string_view body, UnixNanos now) {
  simdjson::dom::parser parser;
  element root, data, part;
  if (const auto error = parser.parse(body.data(), body.size()).get(root))
    return Error{Code::malformed,
                 fmt::format("the body is no JSON: {}", simdjson::error_message(error)), ""};
  if (root["data"].get(data) != simdjson::SUCCESS)
    return Error{Code::missing_field, "the body has no \"data\"", "data"};
  if (data["type"].get(part) != simdjson::SUCCESS || scalar_text(part) != "spans")
    return bad("data.type", "must be \"spans\"");
  Search search;
  element attributes;
  if (data["attributes"].get(attributes) != simdjson::SUCCESS)
    return Error{Code::missing_field, "the data have no \"attributes\"", "data.attributes"};
  if (attributes["filter"].get(part) == simdjson::SUCCESS) CATALEJO_TRY(read_filter(search, part));
  if (attributes["sort"].get(part) == simdjson::SUCCESS) search.sort = scalar_text(part);
  if (attributes["page"]["limit"].get(part) == simdjson::SUCCESS) search.limit = scalar_text(part);
  if (attributes["page"]["cursor"].get(part) == simdjson::SUCCESS)
    search.cursor = scalar_text(part);
  return make_plan(search, now);
}

}  // namespace catalejo::api
