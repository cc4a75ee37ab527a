#include "query/span_question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"

namespace catalejo::query {
namespace {

constexpr std::array kFigures{FigureName{"count", Figure::count},
                              FigureName{"cardinality", Figure::cardinality},
                              FigureName{"sum", Figure::sum},
                              FigureName{"avg", Figure::avg},
                              FigureName{"min", Figure::min},
                              FigureName{"max", Figure::max},
                              FigureName{"median", Figure::quantile, .5},
                              FigureName{"pc50", Figure::quantile, .5},
                              FigureName{"pc75", Figure::quantile, .75},
                              FigureName{"pc90", Figure::quantile, .9},
                              FigureName{"pc95", Figure::quantile, .95},
                              FigureName{"pc98", Figure::quantile, .98},
                              FigureName{"pc99", Figure::quantile, .99}};

constexpr std::string_view kApm = "spans", kLlm = "llm_observability";

Error wrong(std::string_view where, std::string message) {
  return {Code::bad_request, std::move(message), std::string(where)};
}

std::optional<NamedTarget> named_target(std::string_view key, bool (*fits)(const search::Target&)) {
  auto target = search::resolve(key);
  if (key.empty() || !target || !fits(*target)) return std::nullopt;
  return NamedTarget{.key = std::string(key), .target = *std::move(target)};
}

}  // namespace

std::optional<FigureName> figure_of(std::string_view word) {
  // p95 is what is called pc95 elsewhere.
  const std::string name = word.size() == 3 && word.starts_with('p')
                               ? fmt::format("pc{}", word.substr(1))
                               : std::string(word);
  const auto* const found = std::ranges::find(kFigures, name, &FigureName::name);
  if (found == kFigures.end()) return std::nullopt;
  return *found;
}

std::optional<NamedTarget> measure_for(Figure figure, std::string_view key) {
  return named_target(key, figure == Figure::cardinality ? is_groupable : is_measurable);
}

std::optional<NamedTarget> group_for(std::string_view key) {
  return named_target(key, is_groupable);
}

void as_datadog_means(search::Node& node) {
  if (node.term.key == "operation_name") node.term.target = *search::resolve("@name");
  if (node.term.key == "resource_name") node.term.target = *search::resolve("@resource");
  for (search::Node& child : node.children) as_datadog_means(child);
}

bool is_span_source(std::string_view source) {
  return source == kApm || source == kLlm;
}

Result<SpanFigure> figure_for(const SpanQuestion& question) {
  SpanFigure made;
  made.view = question.source == kApm ? View::apm : View::spans;
  auto read = search::read(question.search);
  if (const auto* problem = std::get_if<search::Problem>(&read))
    return error_of(*problem, "search.query");
  made.search = std::get<search::Query>(std::move(read));
  if (made.view == View::apm) as_datadog_means(made.search.root);
  const auto name = figure_of(question.aggregation.empty() ? "count" : question.aggregation);
  if (!name)
    return wrong(
        "compute.aggregation",
        "is one of count, cardinality, sum, avg, min, max, median, pc75, pc90, pc95, pc98, "
        "pc99");
  made.figure = name->figure;
  made.quantile = name->quantile;
  if (made.figure != Figure::count) {
    made.measure = measure_for(made.figure, question.measure);
    if (!made.measure)
      return wrong("compute.metric",
                   fmt::format("\"{}\" cannot be had of \"{}\"", name->name, question.measure));
  }
  for (const std::string& key : question.by) {
    auto target = group_for(key);
    if (!target) return wrong("group_by", fmt::format("spans are not told apart by \"{}\"", key));
    made.by.push_back(*std::move(target));
  }
  if (made.by.size() > limits::span_formula_keys_max)
    return wrong("group_by", fmt::format("has at most {} keys", limits::span_formula_keys_max));
  return made;
}

}  // namespace catalejo::query
