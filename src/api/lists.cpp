// GET /api/v1/traces and /api/v1/spans.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"

namespace catalejo::api {
namespace {

constexpr std::array<std::pair<std::string_view, query::SortBy>, 5> kSorts = {{
    {"start", query::SortBy::start},
    {"duration", query::SortBy::duration},
    {"tokens", query::SortBy::tokens},
    {"cost", query::SortBy::cost},
    {"errors", query::SortBy::errors},
}};

Result<void> set_sort(query::ListPlan& plan, std::string_view text) {
  const std::string_view name = text.substr(text.starts_with('-') ? 1 : 0);
  for (const auto& [word, by] : kSorts) {
    if (word != name) continue;
    plan.by = by;
    auto order = parse_order(text, word);
    if (!order) return order.error();
    plan.order = *order;
    return {};
  }
  return Error{Code::bad_request,
               fmt::format("'{}' is no order: write start, duration, tokens, cost or errors, and - "
                           "before it for the largest first",
                           text),
               "sort"};
}

Result<query::ListPlan> parse_list(const query::Parameters& parameters, query::View view) {
  auto filter =
      query::parse_filter(parameters, view, now(), {"limit", "cursor", "sort", "api_key"});
  if (!filter) return filter.error();
  query::ListPlan plan;
  plan.filter = *std::move(filter);
  auto limit = limit_of(parameters, limits::page_rows_default, limits::list_rows_max);
  if (!limit) return limit.error();
  plan.rows_max = *limit;
  if (const std::string* text = find_parameter(parameters, "sort")) {
    CATALEJO_TRY(set_sort(plan, *text));
  }
  if (const std::string* text = find_parameter(parameters, "cursor"); text && !text->empty()) {
    auto cursor = query::parse_cursor(*text);
    if (!cursor) return cursor.error();
    if (cursor->value.has_value() != (plan.by != query::SortBy::start)) {
      return Error{Code::bad_request, "this cursor is of a list that was sorted otherwise",
                   "cursor"};
    }
    plan.after = *cursor;
  }
  return plan;
}

Answer list_answer(ApiPtr api, net::Request request, query::View view) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto plan = parse_list(*parameters, view);
  if (!plan) co_return filter_problem(plan.error(), *parameters);
  auto priced = co_await api->costs.priced(plan->filter, plan->by == query::SortBy::cost);
  if (!priced) co_return problem(priced.error());
  plan->filter = *std::move(priced);
  const query::Filter filter = plan->filter;
  const bool with_totals = filter.view == query::View::traces;
  auto page = co_await api->reader.list(*std::move(plan));
  if (!page) co_return problem(page.error());
  const auto [first, last] = query::times_of(page->spans.rows);
  auto pricing = co_await api->costs.pricing(first, last);
  if (!pricing) co_return problem(pricing.error());
  std::vector<query::TraceTotals> totals;
  std::vector<query::CostSum> sums;
  if (with_totals && !page->spans.rows.empty()) {
    auto asked_totals = api->reader.ask_totals(page->spans.rows);
    auto asked_usage = api->costs.ask_page(page->spans.rows, *pricing);
    auto figures = co_await asked_totals;
    if (!figures) co_return problem(figures.error());
    auto read = query::read_page_totals(*figures, query::traces_of(page->spans.rows).keys);
    if (!read) co_return problem(read.error());
    totals = *std::move(read);
    auto usage = co_await asked_usage;
    if (!usage) co_return problem(usage.error());
    auto found = query::CostReader::page(*usage, page->spans.rows, *pricing);
    if (!found) co_return problem(found.error());
    sums = *std::move(found);
  }
  std::string body;
  Fields fields(body);
  fields.key("rows") += '[';
  for (std::size_t i = 0; i < page->spans.rows.size(); ++i) {
    if (i > 0) body += ',';
    const query::SpanRow& row = page->spans.rows[i];
    append_row(body, row, query::span_cost(row, *pricing, false),
               with_totals ? &totals[i] : nullptr, with_totals ? &sums[i] : nullptr);
  }
  body += ']';
  fields.text_or_null("next", page->next);
  fields.time("from_ns", filter.from);
  fields.time("to_ns", filter.to);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace

Answer get_traces(ApiPtr api, net::Request request, std::string) {
  return list_answer(std::move(api), std::move(request), query::View::traces);
}

Answer get_spans(ApiPtr api, net::Request request, std::string) {
  return list_answer(std::move(api), std::move(request), query::View::spans);
}

}  // namespace catalejo::api
