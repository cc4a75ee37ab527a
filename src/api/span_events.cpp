// GET /api/v2/llm-obs/v1/spans/events and POST …/search.
#include "api/span_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>

#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/hash.hpp"
#include "base/limits.hpp"
#include "model/evaluation.hpp"

namespace catalejo::api {
namespace {

constexpr std::string_view kJsonApi = "application/vnd.api+json";

std::string new_request_id() {
  static std::atomic<std::uint64_t> count{0};
  const auto number = count.fetch_add(1, std::memory_order_relaxed);
  const Hash128 hash = hash128(fmt::format("{}/{}", now().value, number));
  return to_hex({hash.high, hash.low});
}

bool is_about(const query::EvaluationRow& evaluation, const query::SpanRow& row) {
  if (!evaluation.join_key.empty()) {
    return std::ranges::any_of(row.tags, [&](const auto& tag) {
      return tag.first == evaluation.join_key && tag.second == evaluation.join_value;
    });
  }
  if (evaluation.trace_id != row.trace_id) return false;
  // What is about a whole trace stands at its root.
  return evaluation.span_id == row.span_id ||
         (evaluation.span_id.value == 0 && row.parent_id.value == 0);
}

// The newest of each label: they come ordered by time.
std::vector<const query::EvaluationRow*> about(const std::vector<query::EvaluationRow>& all,
                                               const query::SpanRow& row) {
  std::map<std::string_view, const query::EvaluationRow*> by_label;
  for (const query::EvaluationRow& evaluation : all)
    if (evaluation.event_kind != "feedback" && evaluation.status != model::kWithdrawn &&
        is_about(evaluation, row))
      by_label[evaluation.label] = &evaluation;
  std::vector<const query::EvaluationRow*> found;
  found.reserve(by_label.size());
  for (const auto& [label, evaluation] : by_label) found.push_back(evaluation);
  return found;
}

std::string answer_body(const query::ListPage& page,
                        const query::Rows<query::EvaluationRow>& judged,
                        const query::Pricing& pricing, const std::string& link,
                        std::int64_t elapsed_ms) {
  std::string body;
  codec::JsonObjectWriter answer(body);
  answer.key("data") += '[';
  for (const query::SpanRow& row : page.spans.rows) {
    if (body.back() != '[') body += ',';
    const cost::Cost cost = query::span_cost(row, pricing, false).cost;
    append_span_event(body, row, cost, about(judged.rows, row));
  }
  body += ']';
  if (!link.empty()) {
    codec::JsonObjectWriter links(answer.key("links"));
    links.text("next", link);
    links.close();
  }
  codec::JsonObjectWriter meta(answer.key("meta"));
  codec::append_json_number(meta.key("elapsed"), elapsed_ms);
  codec::JsonObjectWriter cursor(meta.key("page"));
  if (!page.next.empty()) cursor.text("after", page.next);
  cursor.close();
  meta.text("request_id", new_request_id());
  meta.text("status", "done");
  meta.close();
  answer.close();
  return body;
}

Answer answer_search(ApiPtr api, net::Request request, query::ListPlan plan) {
  const std::int64_t began = steady_now_nanos();
  auto priced = co_await api->costs.priced(plan.filter);
  if (!priced) co_return problem(priced.error());
  plan.filter = *std::move(priced);
  auto page = co_await api->reader.list(std::move(plan));
  if (!page) co_return problem(page.error());
  const auto [first, last] = query::times_of(page->spans.rows);
  auto pricing = co_await api->costs.pricing(first, last);
  if (!pricing) co_return problem(pricing.error());
  query::Rows<query::EvaluationRow> judged;
  if (!page->spans.rows.empty()) {
    query::EvaluationTargets targets = query::targets_of(page->spans.rows);
    targets.sessions.clear();  // a session's judgement is about no single span
    auto found = co_await api->reader.evaluations(std::move(targets));
    if (!found) co_return problem(found.error());
    judged = *std::move(found);
  }
  const bool linked = !page->next.empty() && request.method != "POST";
  const std::int64_t elapsed_ms = (steady_now_nanos() - began) / kNanosPerMilli;
  net::Response response = json_answer(answer_body(
      *page, judged, *pricing, linked ? next_link(request, page->next) : "", elapsed_ms));
  if (request.header("Accept").find(kJsonApi) != std::string_view::npos) {
    for (auto& [name, value] : response.headers)
      if (name == "Content-Type") value = kJsonApi;
  }
  co_return response;
}

}  // namespace

Answer get_span_events(ApiPtr api, net::Request request, std::string) {
  auto plan = parse_span_events_query(request, now());
  if (!plan) co_return problem(plan.error());
  co_return co_await answer_search(std::move(api), std::move(request), *std::move(plan));
}

Answer search_span_events(ApiPtr api, net::Request request, std::string) {
  const std::string_view type = request.header("Content-Type");
  if (!type.empty() && type.find("json") == std::string_view::npos) {
    co_return problem({Code::unsupported_encoding,
                       "send the search as application/json or application/vnd.api+json",
                       "Content-Type"});
  }
  auto plan = parse_span_events_body(request.body, now());
  if (!plan) co_return problem(plan.error());
  co_return co_await answer_search(std::move(api), std::move(request), *std::move(plan));
}

}  // namespace catalejo::api
