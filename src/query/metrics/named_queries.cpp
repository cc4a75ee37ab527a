#include "query/metrics/named_queries.hpp"

#include <fmt/format.h>

#include <memory>

#include "query/span_question.hpp"

namespace catalejo::query::metrics {
namespace {

namespace dom = codec::dom;

constexpr std::int64_t kMillisPerSecond = 1'000;
constexpr std::int64_t kIntervalSecondsMax = 366ll * 86'400;

std::string_view text_at(dom::element parent, std::string_view key) {
  dom::element value;
  return parent[key].get(value) == simdjson::SUCCESS ? codec::text_or_empty(value)
                                                     : std::string_view{};
}

Error wrong(const std::string& where, std::string_view part, std::string message) {
  return {Code::bad_request, std::move(message), fmt::format("{}.{}", where, part)};
}

Result<Query> read_metrics(dom::element item, const std::string& where) {
  auto read = parse(text_at(item, "query"));
  if (const auto* problem = std::get_if<Problem>(&read)) {
    Error error = error_at(problem->message, problem->position);
    error.where = where + ".query";
    return error;
  }
  auto& query = std::get<Query>(read);
  if (query.expressions.size() != 1)
    return wrong(where, "query", "is several, separated by commas; write each as a query");
  return std::move(query);
}

// Which lines stay: of one key only, those with the highest (or lowest) values.
void read_limit(dom::element group, Metric& metric) {
  std::int64_t limit = 0;
  if (group["limit"].get(limit) != simdjson::SUCCESS || limit <= 0) return;
  metric.lines_max = static_cast<std::size_t>(limit);
  dom::element sort;
  metric.highest = group["sort"].get(sort) != simdjson::SUCCESS || text_at(sort, "order") != "asc";
}

Result<std::int64_t> read_interval(dom::element compute, const std::string& where) {
  dom::element given;
  if (compute["interval"].get(given) != simdjson::SUCCESS || given.is_null())
    return std::int64_t{0};
  std::int64_t millis = 0;
  if (given.get(millis) != simdjson::SUCCESS || millis < kMillisPerSecond ||
      millis > kIntervalSecondsMax * kMillisPerSecond)
    return wrong(where, "compute.interval", "is milliseconds, from a second to a year");
  return millis / kMillisPerSecond;
}

Result<Query> read_spans(dom::element item, const std::string& where) {
  SpanQuestion question{.source = text_at(item, "data_source"), .by = {}};
  Metric metric;
  dom::element search, compute;
  if (item["search"].get(search) == simdjson::SUCCESS) question.search = text_at(search, "query");
  if (item["compute"].get(compute) == simdjson::SUCCESS) {
    question.aggregation = text_at(compute, "aggregation");
    question.measure = text_at(compute, "metric");
    auto interval = read_interval(compute, where);
    if (!interval) return interval.error();
    metric.rollup_s = *interval;
  }
  dom::array groups;
  if (item["group_by"].get(groups) == simdjson::SUCCESS) {
    for (const dom::element group : groups) {
      question.by.emplace_back(text_at(group, "facet"));
      read_limit(group, metric);
    }
  }
  if (question.by.size() != 1) metric.lines_max = 0;
  auto figure = figure_for(question);
  if (!figure) {
    Error error = figure.error();
    error.where = fmt::format("{}.{}", where, error.where);
    return error;
  }
  metric.as_count = figure->figure == Figure::count || figure->figure == Figure::cardinality;
  metric.by = question.by;
  // What makes two questions the same one.
  metric.text =
      fmt::format("{}\n{}\n{}\n{}\n{} {}", question.source, question.search, question.aggregation,
                  question.measure, metric.lines_max, metric.highest);
  for (const std::string& key : question.by) metric.text += "\n" + key;
  metric.spans = std::make_shared<const SpanFigure>(*std::move(figure));
  Query query{.text = metric.text, .metrics = {}, .expressions = {}};
  query.metrics.push_back(std::move(metric));
  query.expressions.push_back({.kind = Expression::Kind::metric});
  return query;
}

}  // namespace

Result<AskedQuery> read_named_query(dom::element item, const std::string& where,
                                    std::string usual_name) {
  const std::string_view source = text_at(item, "data_source");
  const bool of_spans = is_span_source(source);
  if (source != "metrics" && !of_spans)
    return wrong(
        where, "data_source",
        fmt::format("is '{}'; 'metrics', 'spans' and 'llm_observability' are what is asked "
                    "here",
                    source));
  auto query = of_spans ? read_spans(item, where) : read_metrics(item, where);
  if (!query) return query.error();
  AskedQuery asked{
      .named = {.name = std::string(text_at(item, "name")), .query = *std::move(query)}};
  if (asked.named.name.empty()) asked.named.name = std::move(usual_name);
  const std::string_view word = text_at(item, "aggregator");
  if (word.empty()) return asked;
  const auto reducer = reducer_of(word);
  if (!reducer)
    return wrong(
        where, "aggregator",
        fmt::format("is '{}'; avg, sum, min, max, last, area or l2norm belongs here", word));
  asked.reducer = *reducer;
  return asked;
}

}  // namespace catalejo::query::metrics
