#include <fmt/format.h>

#include "api/body.hpp"
#include "api/metric_formulas.hpp"
#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "query/metrics/named_queries.hpp"

namespace catalejo::api {

namespace metrics = query::metrics;
namespace dom = codec::dom;

namespace {

constexpr std::int64_t kMillisPerSecond = 1'000;
// 9999-12-31
constexpr std::int64_t kMillisMax = 253'402'300'799'000;
constexpr std::int64_t kIntervalMillisMax = 366ll * 86'400 * kMillisPerSecond;

std::string_view text_at(dom::element parent, std::string_view key) {
  dom::element value;
  return parent[key].get(value) == simdjson::SUCCESS ? codec::text_or_empty(value)
                                                     : std::string_view{};
}

Result<std::int64_t> number_at(dom::element parent, std::string_view key, std::int64_t most) {
  std::int64_t number = 0;
  if (parent[key].get(number) != simdjson::SUCCESS || number < 0 || number > most)
    return bad(key, fmt::format("must be milliseconds since 1970, from 0 to {}", most));
  return number;
}

Result<AskedFormula> read_formula(dom::element item, std::size_t at,
                                  const std::vector<metrics::NamedQuery>& queries) {
  AskedFormula asked{.query = {}, .name = std::string(text_at(item, "formula"))};
  const std::string where = fmt::format("formulas[{}].formula", at);
  auto read = metrics::parse_formula(asked.name, queries);
  if (const auto* wrong = std::get_if<metrics::Problem>(&read)) {
    Error error = metrics::error_at(wrong->message, wrong->position);
    error.where = where;
    return error;
  }
  asked.query = std::move(std::get<metrics::Query>(read));
  if (asked.query.expressions.size() != 1)
    return bad(where, "is several, separated by commas; write each as a formula");
  if (dom::element limit; item["limit"].get(limit) == simdjson::SUCCESS && limit.is_object()) {
    std::int64_t count = 0;
    if (limit["count"].get(count) == simdjson::SUCCESS && count > 0)
      asked.rows = static_cast<std::size_t>(count);
    asked.highest = text_at(limit, "order") != "asc";
  }
  return asked;
}

Result<void> read_queries(dom::element attributes, AskedFormulas& asked,
                          std::vector<metrics::NamedQuery>& queries) {
  dom::array items;
  if (attributes["queries"].get(items) != simdjson::SUCCESS || items.size() == 0)
    return bad("queries", "must be an array of one query or more");
  if (items.size() > limits::metric_formulas_max)
    return bad("queries", fmt::format("are up to {}", limits::metric_formulas_max));
  for (const dom::element item : items) {
    auto query = metrics::read_named_query(item, fmt::format("queries[{}]", queries.size()),
                                           fmt::format("query{}", queries.size() + 1));
    if (!query) return query.error();
    queries.push_back(std::move(query->named));
    asked.reducers.push_back(query->reducer);
  }
  return {};
}

// Without formulas each query is one.
Result<void> read_all_formulas(dom::element attributes, AskedFormulas& asked,
                               const std::vector<metrics::NamedQuery>& queries) {
  dom::array items;
  const bool given = attributes["formulas"].get(items) == simdjson::SUCCESS && items.size() > 0;
  if (!given) {
    for (std::size_t i = 0; i < queries.size(); ++i) {
      asked.formulas.push_back({.query = queries[i].query, .name = queries[i].name});
      for (metrics::Metric& metric : asked.formulas.back().query.metrics) metric.source = i;
    }
    return {};
  }
  if (items.size() > limits::metric_formulas_max)
    return bad("formulas", fmt::format("are up to {}", limits::metric_formulas_max));
  for (const dom::element item : items) {
    auto formula = read_formula(item, asked.formulas.size(), queries);
    if (!formula) return formula.error();
    asked.formulas.push_back(*std::move(formula));
  }
  return {};
}

}  // namespace

Result<AskedFormulas> read_formulas(std::string body) {
  constexpr std::size_t kBodyBytesMax = 1u << 20;
  if (body.size() > kBodyBytesMax)
    return Error{Code::body_too_large, "the body is longer than this route takes", "body"};
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  dom::element attributes;
  if (codec::root(document)["data"]["attributes"].get(attributes) != simdjson::SUCCESS ||
      !attributes.is_object())
    return bad("data.attributes", "must be an object");
  AskedFormulas asked;
  auto from = number_at(attributes, "from", kMillisMax);
  if (!from) return from.error();
  auto to = number_at(attributes, "to", kMillisMax);
  if (!to) return to.error();
  if (*to <= *from) return bad("to", "is not behind from");
  asked.window.from_s = *from / kMillisPerSecond;
  asked.window.to_s = (*to + kMillisPerSecond - 1) / kMillisPerSecond;
  if (!attributes["interval"].error()) {
    auto interval = number_at(attributes, "interval", kIntervalMillisMax);
    if (!interval) return interval.error();
    asked.window.step_s_min = *interval / kMillisPerSecond;
  }
  std::vector<metrics::NamedQuery> queries;
  CATALEJO_TRY(read_queries(attributes, asked, queries));
  CATALEJO_TRY(read_all_formulas(attributes, asked, queries));
  return asked;
}

}  // namespace catalejo::api
