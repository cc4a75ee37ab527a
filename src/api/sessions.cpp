// GET /api/v1/sessions.
#include "query/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "query/preview.hpp"

namespace catalejo::api {
namespace {

constexpr std::array<std::string_view, 5> kSorts = {"last", "cost", "duration", "tokens", "errors"};

Result<void> set_sort(query::SessionsPlan& plan, std::string_view text) {
  const bool largest_first = text.starts_with('-');
  const auto found = std::ranges::find(kSorts, text.substr(largest_first ? 1 : 0));
  if (found == kSorts.end()) {
    return Error{
        Code::bad_request,
        fmt::format("'{}' is no order: write last, cost, duration, tokens or errors, and - "
                    "before it for the largest first",
                    text),
        "sort"};
  }
  plan.by = static_cast<query::SessionSort>(found - kSorts.begin());
  plan.largest_first = largest_first;
  return {};
}

Result<query::SessionsPlan> parse_sessions(const net::Request& request) {
  auto parameters = parameters_of(request);
  if (!parameters) return parameters.error();
  auto filter = query::parse_filter(*parameters, query::View::spans, now(),
                                    {"limit", "cursor", "sort", "api_key"});
  if (!filter) return filter.error();
  query::SessionsPlan plan;
  plan.filter = *std::move(filter);
  // A session is all its LLM spans, whatever the list beside it shows.
  plan.filter.view = query::View::spans;
  plan.rows_max = limits::page_rows_default;
  if (const std::string* text = find_parameter(*parameters, "limit")) {
    auto limit = parse_limit("limit", *text, limits::list_rows_max);
    if (!limit) return limit.error();
    plan.rows_max = *limit;
  }
  if (const std::string* text = find_parameter(*parameters, "sort")) {
    CATALEJO_TRY(set_sort(plan, *text));
  }
  if (const std::string* text = find_parameter(*parameters, "cursor"); text && !text->empty()) {
    auto cursor = query::parse_session_cursor(*text);
    if (!cursor) return cursor.error();
    plan.after = *std::move(cursor);
  }
  return plan;
}

void append_session(std::string& body, const query::SessionRow& row) {
  Fields fields(body);
  fields.text("session_id", row.id);
  fields.text_or_null("user_id", row.user);
  fields.text("ml_app", row.ml_app);
  fields.time("start_ns", row.start);
  fields.time("last_ns", row.last);
  fields.integer("busy_ns", row.busy_ns);
  fields.integer("traces", static_cast<std::int64_t>(row.traces));
  fields.integer("failed_traces", static_cast<std::int64_t>(row.failed_traces));
  fields.integer("spans", static_cast<std::int64_t>(row.spans));
  fields.integer("errors", static_cast<std::int64_t>(row.errors));
  fields.integer("llm_calls", static_cast<std::int64_t>(row.llm_calls));
  Fields tokens(fields.key("tokens"));
  tokens.known("input", row.input_tokens);
  tokens.known("output", row.output_tokens);
  tokens.known("total", row.total_tokens);
  tokens.close();
  fields.cost("cost_usd", row.cost_nano_usd);
  fields.text("input", query::preview_of_input(row.input));
  fields.text("output", query::preview_of_output(row.output));
  fields.close();
}

Task<Result<std::string>> ask(ApiPtr api, query::Statement statement) {
  co_return co_await api->options.store->query(std::move(statement.sql),
                                               std::move(statement.parameters));
}

// Adds the texts of a page's sessions.
Task<Result<void>> add_texts(ApiPtr api, query::Filter filter,
                             std::vector<query::SessionRow>& sessions) {
  if (sessions.empty()) co_return Result<void>{};
  std::vector<std::string> ids;
  ids.reserve(sessions.size());
  for (const query::SessionRow& row : sessions) ids.push_back(row.id);
  auto answer = co_await ask(api, query::plan_session_texts(filter, ids));
  if (!answer) co_return answer.error();
  co_return query::read_session_texts(*answer, sessions);
}

std::string sessions_body(const std::vector<query::SessionRow>& sessions, std::string_view next,
                          const query::Filter& filter) {
  std::string body;
  Fields fields(body);
  fields.key("rows") += '[';
  for (const query::SessionRow& row : sessions) {
    if (body.back() != '[') body += ',';
    append_session(body, row);
  }
  body += ']';
  fields.text_or_null("next", next);
  fields.time("from_ns", filter.from);
  fields.time("to_ns", filter.to);
  fields.close();
  return body;
}

}  // namespace

Answer get_sessions(ApiPtr api, net::Request request, std::string) {
  auto plan = parse_sessions(request);
  if (!plan) co_return problem(plan.error());
  const std::size_t wanted = plan->rows_max;
  auto priced = co_await api->costs.priced(plan->filter, true);
  if (!priced) co_return problem(priced.error());
  auto narrow = co_await query::narrowed(*api->options.store, *std::move(priced));
  if (!narrow) co_return problem(narrow.error());
  const query::Filter filter = *std::move(narrow);
  plan->filter = filter;
  plan->rows_max = wanted + 1;  // one more tells whether there is a next page
  auto answer = co_await ask(api, query::plan_sessions(*plan));
  if (!answer) co_return problem(answer.error());
  auto sessions = query::read_sessions(*answer);
  if (!sessions) co_return problem(sessions.error());
  std::string next;
  if (sessions->size() > wanted) {
    sessions->resize(wanted);
    const query::SessionRow& last = sessions->back();
    next = query::encode_session_cursor({query::value_of(last, plan->by), last.id});
  }
  if (auto added = co_await add_texts(api, filter, *sessions); !added)
    co_return problem(added.error());
  co_return json_answer(sessions_body(*sessions, next, filter));
}

}  // namespace catalejo::api
