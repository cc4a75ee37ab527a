// GET /api/v1/sessions and /api/v1/users.
#include "query/groups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "query/preview.hpp"

namespace catalejo::api {
namespace {

Result<void> set_sort(query::GroupsPlan& plan, std::string_view text) {
  const bool largest_first = text.starts_with('-');
  const auto found = std::ranges::find(query::kGroupSorts, text.substr(largest_first ? 1 : 0));
  const bool of_one = plan.group == query::GroupBy::session;
  if (found == query::kGroupSorts.end() || (of_one && *found == "sessions")) {
    return Error{Code::bad_request,
                 fmt::format("'{}' is no order: write last, cost, duration, tokens, errors{} and - "
                             "before it for the largest first",
                             text, of_one ? " or traces," : ", traces or sessions,"),
                 "sort"};
  }
  plan.by = static_cast<query::GroupSort>(found - query::kGroupSorts.begin());
  plan.largest_first = largest_first;
  return {};
}

Result<query::GroupsPlan> parse_groups(const query::Parameters& parameters, query::GroupBy group) {
  auto filter = query::parse_filter(parameters, query::View::spans, now(),
                                    {"limit", "cursor", "sort", "api_key"});
  if (!filter) return filter.error();
  query::GroupsPlan plan;
  plan.group = group;
  plan.filter = *std::move(filter);
  // A session is all its LLM spans, whatever the list beside it shows.
  plan.filter.view = query::View::spans;
  auto limit = limit_of(parameters, limits::page_rows_default, limits::list_rows_max);
  if (!limit) return limit.error();
  plan.rows_max = *limit;
  if (const std::string* text = find_parameter(parameters, "sort")) {
    CATALEJO_TRY(set_sort(plan, *text));
  }
  if (const std::string* text = find_parameter(parameters, "cursor"); text && !text->empty()) {
    auto cursor = query::parse_group_cursor(*text);
    if (!cursor) return cursor.error();
    plan.after = *std::move(cursor);
  }
  return plan;
}

void append_group(std::string& body, const query::GroupRow& row, query::GroupBy group) {
  const auto count = [](std::uint64_t number) { return static_cast<std::int64_t>(number); };
  Fields fields(body);
  if (group == query::GroupBy::session) {
    fields.text("session_id", row.id);
    fields.text_or_null("user_id", row.user);
  } else {
    fields.text("user_id", row.id);
    fields.integer("sessions", count(row.sessions));
  }
  fields.text("ml_app", row.ml_app);
  fields.time("start_ns", row.start);
  fields.time("last_ns", row.last);
  fields.integer("busy_ns", row.busy_ns);
  fields.integer("traces", count(row.traces));
  fields.integer("failed_traces", count(row.failed_traces));
  fields.integer("spans", count(row.spans));
  fields.integer("errors", count(row.errors));
  fields.integer("llm_calls", count(row.llm_calls));
  fields.tokens(row.input_tokens, row.output_tokens, row.total_tokens);
  fields.cost("cost_usd", row.cost_nano_usd);
  Fields feedback(fields.key("feedback"));
  feedback.integer("count", count(row.judged));
  feedback.integer("good", count(row.liked));
  feedback.integer("bad", count(row.disliked));
  feedback.close();
  fields.text("input", query::preview_of_input(row.input));
  fields.text("output", query::preview_of_output(row.output));
  fields.close();
}

// Adds what is asked for the groups of a page only: their texts, and what people said of them.
Task<Result<void>> add_details(ApiPtr api, query::GroupsPlan plan,
                               std::vector<query::GroupRow>& groups) {
  if (groups.empty()) co_return Result<void>{};
  std::vector<std::string> ids;
  ids.reserve(groups.size());
  for (const query::GroupRow& row : groups) ids.push_back(row.id);
  auto texts = co_await query::ask(*api->options.store, query::plan_group_texts(plan, ids));
  if (!texts) co_return texts.error();
  if (auto read = query::read_group_texts(*texts, groups); !read) co_return read.error();
  auto feedback = co_await query::ask(*api->options.store, query::plan_group_feedback(plan, ids));
  if (!feedback) co_return feedback.error();
  co_return query::read_group_feedback(*feedback, groups);
}

std::string groups_body(const std::vector<query::GroupRow>& groups, std::string_view next,
                        const query::GroupsPlan& plan) {
  std::string body;
  Fields fields(body);
  append_array(fields.key("rows"), groups, [&](std::string& out, const query::GroupRow& row) {
    append_group(out, row, plan.group);
  });
  fields.text_or_null("next", next);
  fields.time("from_ns", plan.filter.from);
  fields.time("to_ns", plan.filter.to);
  fields.close();
  return body;
}

Answer groups_answer(ApiPtr api, net::Request request, query::GroupBy group) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto plan = parse_groups(*parameters, group);
  if (!plan) co_return filter_problem(plan.error(), *parameters);
  const std::size_t wanted = plan->rows_max;
  auto priced = co_await api->costs.priced(plan->filter, true);
  if (!priced) co_return problem(priced.error());
  auto narrow = co_await query::narrowed(*api->options.store, *std::move(priced));
  if (!narrow) co_return problem(narrow.error());
  plan->filter = *std::move(narrow);
  plan->rows_max = wanted + 1;  // one more tells whether there is a next page
  auto answer = co_await query::ask(*api->options.store, query::plan_groups(*plan));
  if (!answer) co_return problem(answer.error());
  auto groups = query::read_groups(*answer);
  if (!groups) co_return problem(groups.error());
  std::string next;
  if (groups->size() > wanted) {
    groups->resize(wanted);
    const query::GroupRow& last = groups->back();
    next = query::encode_group_cursor({query::value_of(last, plan->by), last.id});
  }
  if (auto added = co_await add_details(api, *plan, *groups); !added)
    co_return problem(added.error());
  co_return json_answer(groups_body(*groups, next, *plan));
}

}  // namespace

Answer get_sessions(ApiPtr api, net::Request request, std::string) {
  return groups_answer(std::move(api), std::move(request), query::GroupBy::session);
}

Answer get_users(ApiPtr api, net::Request request, std::string) {
  return groups_answer(std::move(api), std::move(request), query::GroupBy::user);
}

}  // namespace catalejo::api
