// GET /api/v2/events, GET /api/v2/events/{event_id} and POST /api/v2/events/search: the same events
// in the newer form of Datadog's API.
#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/events_json.hpp"
#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"

namespace catalejo::api {
namespace {

namespace events = query::events;

constexpr std::size_t kRowsDefault = 10;  // as Datadog's
constexpr std::int64_t kRangeDefaultNanos = 900 * kNanosPerSecond;

// What both forms of the search say, as text.
struct Search {
  std::string from, to, query, sort, cursor, limit;
};

struct Asked {
  events::Filter filter;
  events::Page page;
};

Result<std::int64_t> second_of(std::string_view where, const std::string& text, UnixNanos otherwise,
                               UnixNanos present) {
  const auto time = text.empty() ? std::optional(otherwise) : parse_time(text, present);
  if (time) return time->value / kNanosPerSecond;
  return bad(where, fmt::format("'{}' is no time: write RFC 3339, milliseconds since 1970, or "
                                "now-15m",
                                text));
}

// "1700000000-77": time and id of the last event of the page before.
Result<events::Place> parse_cursor(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto time = parse_decimal64(text.substr(0, dash));
  const auto id =
      dash == std::string_view::npos ? std::nullopt : parse_decimal64(text.substr(dash + 1));
  constexpr std::uint64_t kSecondsMax = 1ull << 40;
  if (!time || !id || *time > kSecondsMax)
    return bad("page[cursor]", "is not one that an answer gave");
  return events::Place{.time_s = static_cast<std::int64_t>(*time), .id = *id};
}

std::string cursor_after(const events::EventRow& row) {
  return fmt::format("{}-{}", row.event.time.value / kNanosPerSecond, row.event.id);
}

Result<Asked> asked_by(const Search& search) {
  Asked asked;
  const UnixNanos present = now();
  auto to = second_of("filter[to]", search.to, present, present);
  if (!to) return to.error();
  const UnixNanos before{*to * kNanosPerSecond - kRangeDefaultNanos};
  auto from = second_of("filter[from]", search.from, before, present);
  if (!from) return from.error();
  if (*from > *to) return bad("filter[from]", "is after filter[to]");
  asked.filter.from_s = *from;
  asked.filter.to_s = *to;
  auto node = events::parse(search.query);
  if (!node) return node.error();
  asked.filter.search = *std::move(node);
  asked.page.limit = kRowsDefault;
  if (!search.limit.empty()) {
    auto limit = parse_limit("page[limit]", search.limit, limits::events_page_max);
    if (!limit) return limit.error();
    asked.page.limit = *limit;
  }
  if (!search.sort.empty()) {
    auto order = parse_order(search.sort, "timestamp");
    if (!order) return order.error();
    asked.page.oldest_first = *order == query::Order::oldest_first;
  }
  if (!search.cursor.empty()) {
    auto after = parse_cursor(search.cursor);
    if (!after) return after.error();
    asked.page.after = *after;
  }
  return asked;
}

Result<Asked> asked_by_parameters(const net::Request& request) {
  auto parameters = parameters_of(request);
  if (!parameters) return parameters.error();
  Search search;
  for (const auto& [name, value] : *parameters) {
    std::string* place = name == "filter[from]"    ? &search.from
                         : name == "filter[to]"    ? &search.to
                         : name == "filter[query]" ? &search.query
                         : name == "sort"          ? &search.sort
                         : name == "page[cursor]"  ? &search.cursor
                         : name == "page[limit]"   ? &search.limit
                                                   : nullptr;
    if (place != nullptr)
      *place = value;
    else if (name != "api_key" && name != "application_key")
      return bad(name, fmt::format("there is no parameter '{}' here", name));
  }
  return asked_by(search);
}

std::string scalar_text(codec::dom::element value) {
  if (std::string_view text; value.get(text) == simdjson::SUCCESS) return std::string(text);
  return value.is_null() ? std::string() : simdjson::minify(value);
}

Result<void> read_object(std::string_view where, codec::dom::element value,
                         std::initializer_list<std::pair<std::string_view, std::string*>> texts) {
  codec::dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad(where, "must be an object");
  for (const codec::dom::key_value_pair field : fields) {
    const auto found =
        std::ranges::find_if(texts, [&](const auto& known) { return known.first == field.key; });
    if (found == texts.end())
      return bad(where, fmt::format("there is no field '{}' here", field.key));
    *found->second = scalar_text(field.value);
  }
  return {};
}

// `options` is about time zones of searches that have none here.
Result<Asked> asked_by_body(std::string body) {
  Search search;
  if (body.empty()) return asked_by(search);
  const auto read = [&](std::string_view name, codec::dom::element value) -> Result<void> {
    if (name == "filter")
      return read_object(name, value,
                         {{"from", &search.from}, {"to", &search.to}, {"query", &search.query}});
    if (name == "page")
      return read_object(name, value, {{"cursor", &search.cursor}, {"limit", &search.limit}});
    if (name == "sort") search.sort = scalar_text(value);
    if (name != "sort" && name != "options") return no_such_field(name);
    return {};
  };
  CATALEJO_TRY(read_body(std::move(body), read));
  return asked_by(search);
}

Answer answer(ApiPtr api, net::Request request, Result<Asked> asked) {
  if (!asked) co_return problem(asked.error());
  const std::size_t limit = asked->page.limit++;
  query::Statement statement = events::plan_events(asked->filter, asked->page);
  auto found = co_await query::ask(*api->options.store, std::move(statement));
  if (!found) co_return problem(found.error());
  auto rows = events::read_events(*found);
  if (!rows) co_return problem(rows.error());
  const bool more = rows->size() > limit;
  if (more) rows->resize(limit);
  std::string body;
  Fields fields(body);
  append_array(fields.key("data"), *rows, append_event_response);
  const std::string next = more && limit > 0 ? cursor_after(rows->back()) : std::string();
  if (!next.empty() && request.method == "GET") {
    Fields links(fields.key("links"));
    links.text("next", next_link(request, next));
    links.close();
  }
  Fields meta(fields.key("meta"));
  Fields page(meta.key("page"));
  if (!next.empty()) page.text("after", next);
  page.close();
  meta.text("status", "done");
  meta.close();
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace

Answer list_events(ApiPtr api, net::Request request, std::string) {
  Result<Asked> asked = asked_by_parameters(request);
  co_return co_await answer(std::move(api), std::move(request), std::move(asked));
}

Answer search_events(ApiPtr api, net::Request request, std::string) {
  Result<Asked> asked = asked_by_body(std::move(request.body));
  co_return co_await answer(std::move(api), std::move(request), std::move(asked));
}

Answer get_event_response(ApiPtr api, net::Request, std::string id) {
  const auto number = parse_decimal64(id);
  if (!number) co_return problem(bad("event_id", "is a number"));
  query::Statement statement = events::plan_event(*number);
  auto found = co_await query::ask(*api->options.store, std::move(statement));
  if (!found) co_return problem(found.error());
  const auto rows = events::read_events(*found);
  if (!rows) co_return problem(rows.error());
  if (rows->empty()) co_return problem({Code::not_found, "there is no such event", "event_id"});
  std::string body;
  Fields fields(body);
  append_event_response(fields.key("data"), rows->front());
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
