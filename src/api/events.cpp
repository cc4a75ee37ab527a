// GET /api/v1/events and /api/v1/events/{event_id} as Datadog's clients ask; ours beside them: how
// many there are over time, and the newest state of service checks.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/events_json.hpp"
#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/quoted.hpp"

namespace catalejo::api {
namespace {

namespace events = query::events;

// 9999-12-31; a client that sends milliseconds is told.
constexpr std::int64_t kSecondsMax = 253'402'300'799;
constexpr std::int64_t kCheckSeconds = 86'400;

struct Asked {
  events::Filter filter;
  std::string terms;        // of the parameters, as a search
  query::search::Node own;  // what `query` says
  std::size_t page = 0, limit = limits::events_page_max;
  bool unaggregated = false, exclude_aggregate = false;
};

Result<std::int64_t> read_seconds(std::string_view name, const std::string& text) {
  const std::optional<std::uint64_t> seconds = parse_decimal64(text);
  if (!seconds || *seconds > kSecondsMax)
    return bad(name, fmt::format("{} is \"{}\", it takes Unix seconds", name, text));
  return static_cast<std::int64_t>(*seconds);
}

Result<bool> read_flag(std::string_view name, std::string_view text) {
  if (text == "true" || text == "True" || text == "1") return true;
  if (text == "false" || text == "False" || text == "0") return false;
  return bad(name, "is true or false");
}

void add_term(std::string& search, const std::string& term) {
  search += (search.empty() ? "" : " ") + term;
}

// "a:b,c" as one term each; `any`: one of them is enough.
void add_list(std::string& search, std::string_view key, std::string_view list, bool any) {
  std::string terms;
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    if (!one.empty())
      terms += (terms.empty() ? "" : any ? " OR " : " ") + fmt::format("{}:{}", key, quoted(one));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
  }
  if (!terms.empty()) add_term(search, "(" + terms + ")");
}

Result<void> read_time(Asked& asked, const std::string& name, const std::string& value) {
  auto seconds = read_seconds(name, value);
  if (!seconds) return seconds.error();
  (name == "start" ? asked.filter.from_s : asked.filter.to_s) = *seconds;
  return {};
}

Result<void> read_number(std::size_t& number, const std::string& name, const std::string& value,
                         std::size_t max) {
  const auto read = parse_decimal64(value);
  if (!read || *read > max) return bad(name, fmt::format("is a number up to {}", max));
  number = static_cast<std::size_t>(*read);
  return {};
}

Result<void> read_states(events::Filter& filter, std::string_view list) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    const auto known = {model::CheckStatus::ok, model::CheckStatus::warning,
                        model::CheckStatus::critical, model::CheckStatus::unknown};
    const auto found = std::ranges::find(known, one, model::check_status_name);
    if (found == known.end()) return bad("state", "is ok, warning, critical or unknown");
    filter.states.push_back(*found);
    list.remove_prefix(std::min(one.size() + 1, list.size()));
  }
  return {};
}

// Parameters that only one of both kinds has.
bool is_of_other(model::EventKind kind, std::string_view name) {
  if (kind == model::EventKind::event) return name == "check" || name == "state";
  constexpr std::array kOfEvents = {"priority", "sources",      "page",
                                    "limit",    "unaggregated", "exclude_aggregate"};
  return std::ranges::find(kOfEvents, name) != kOfEvents.end();
}

Result<void> read_parameter(Asked& asked, const std::string& name, const std::string& value) {
  if (is_of_other(asked.filter.kind, name))
    return bad(name, fmt::format("there is no parameter '{}' here", name));
  if (name == "start" || name == "end") return read_time(asked, name, value);
  if (name == "page") return read_number(asked.page, name, value, limits::events_pages_max);
  if (name == "state") return read_states(asked.filter, value);
  if (name == "limit") return read_number(asked.limit, name, value, limits::events_page_max);
  if (name == "unaggregated" || name == "exclude_aggregate") {
    auto flag = read_flag(name, value);
    if (!flag) return flag.error();
    (name == "unaggregated" ? asked.unaggregated : asked.exclude_aggregate) = *flag;
    return {};
  }
  if (name == "priority" && value != "normal" && value != "low" && value != "all")
    return bad(name, "is normal, low or all");
  if (name == "priority" || name == "sources" || name == "check") {
    add_list(asked.terms, name, value, true);
  } else if (name == "tags") {
    add_list(asked.terms, name, value, false);
  } else if (name == "query") {
    auto own = events::parse(value);
    if (!own) return own.error();
    asked.own = *std::move(own);
  } else if (name != "api_key" && name != "application_key") {
    return bad(name, fmt::format("there is no parameter '{}' here", name));
  }
  return {};
}

// Of events the time has to be there; of checks it is the last day.
Result<Asked> read_asked(const net::Request& request, model::EventKind kind) {
  auto parameters = parameters_of(request);
  if (!parameters) return parameters.error();
  Asked asked;
  asked.filter.kind = kind;
  const std::int64_t present = now().value / kNanosPerSecond;
  if (kind == model::EventKind::service_check) {
    asked.filter.to_s = present + limits::span_future_seconds_max;
    asked.filter.from_s = present - kCheckSeconds;
  } else {
    for (const std::string_view name : {"start", "end"})
      if (find_parameter(*parameters, name) == nullptr)
        return bad(name, "must be there, in Unix seconds");
  }
  for (const auto& [name, value] : *parameters) CATALEJO_TRY(read_parameter(asked, name, value));
  if (asked.filter.to_s < asked.filter.from_s) return bad("end", "is before start");
  auto terms = events::parse(asked.terms);
  if (!terms) return terms.error();
  asked.filter.search.kind = query::search::Kind::all_of;
  asked.filter.search.children.push_back(std::move(asked.own));
  asked.filter.search.children.push_back(*std::move(terms));
  asked.filter.aggregated = !asked.unaggregated && !asked.exclude_aggregate;
  return asked;
}

Task<Result<std::vector<events::EventRow>>> ask_events(ApiPtr api, query::Statement statement) {
  auto body = co_await query::ask(*api->options.store, std::move(statement));
  if (!body) co_return body.error();
  co_return events::read_events(*body);
}

void append_count(std::string& out, const events::Count& count) {
  Fields fields(out);
  fields.integer("begin", count.begin_s);
  fields.text("alert_type", count.alert_type);
  fields.integer("count", static_cast<std::int64_t>(count.count));
  fields.close();
}

// What people draw: at least as long.
std::int64_t step_of(const events::Filter& filter) {
  constexpr std::int64_t kBars = 60;
  const std::int64_t wanted = (filter.to_s - filter.from_s) / kBars + 1;
  for (const std::int64_t nice : {10, 30, 60, 300, 600, 1'800, 3'600, 14'400, 43'200})
    if (nice >= wanted) return nice;
  return (wanted + 86'399) / 86'400 * 86'400;
}

}  // namespace

Answer get_events(ApiPtr api, net::Request request, std::string) {
  const auto asked = read_asked(request, model::EventKind::event);
  if (!asked) co_return problem(asked.error());
  const events::Page page{.limit = asked->limit, .offset = asked->page * asked->limit};
  query::Statement statement = events::plan_events(asked->filter, page);
  auto rows = co_await ask_events(api, std::move(statement));
  if (!rows) co_return problem(rows.error());
  std::string body;
  Fields fields(body);
  fields.text("status", "ok");
  append_array(fields.key("events"), *rows, append_event);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_event(ApiPtr api, net::Request, std::string id) {
  const auto number = parse_decimal64(id);
  if (!number) co_return problem(bad("event_id", "is a number"));
  query::Statement statement = events::plan_event(*number);
  auto rows = co_await ask_events(api, std::move(statement));
  if (!rows) co_return problem(rows.error());
  if (rows->empty()) co_return problem({Code::not_found, "there is no such event", "event_id"});
  std::string body;
  Fields fields(body);
  fields.text("status", "ok");
  append_event(fields.key("event"), rows->front());
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_event_counts(ApiPtr api, net::Request request, std::string) {
  const auto asked = read_asked(request, model::EventKind::event);
  if (!asked) co_return problem(asked.error());
  const std::int64_t step_s = step_of(asked->filter);
  query::Statement statement = events::plan_counts(asked->filter, step_s);
  auto answer = co_await query::ask(*api->options.store, std::move(statement));
  if (!answer) co_return problem(answer.error());
  const auto counts = events::read_counts(*answer);
  if (!counts) co_return problem(counts.error());
  std::string body;
  Fields fields(body);
  fields.integer("step", step_s);
  append_array(fields.key("counts"), *counts, append_count);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_service_checks(ApiPtr api, net::Request request, std::string) {
  const auto asked = read_asked(request, model::EventKind::service_check);
  if (!asked) co_return problem(asked.error());
  query::Statement statement = events::plan_checks(asked->filter, limits::checks_shown_max + 1);
  auto rows = co_await ask_events(api, std::move(statement));
  if (!rows) co_return problem(rows.error());
  const bool more = rows->size() > limits::checks_shown_max;
  if (more) rows->resize(limits::checks_shown_max);
  std::string body;
  Fields fields(body);
  append_array(fields.key("checks"), *rows, append_check);
  fields.flag("more", more);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
