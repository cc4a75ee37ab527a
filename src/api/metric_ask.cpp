#include "api/metric_ask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "query/answers.hpp"
#include "query/metrics/plan.hpp"

namespace catalejo::api {

namespace metrics = query::metrics;

namespace {

// What makes two metrics the same question.
std::string key_of(const metrics::Metric& metric) {
  return fmt::format("{} {} {} {} {} {}", metric.shift_s, metric.history_s, metric.step_s_min,
                     metric.rollup_s, metric.rollup ? static_cast<int>(*metric.rollup) : -1,
                     metric.text);
}

}  // namespace

std::string_view role_name(metrics::Role role) {
  constexpr std::array kNames{"value", "lower", "upper", "forecast"};
  return kNames[static_cast<std::size_t>(role)];
}

Task<Result<std::vector<metrics::Lines>>> ask_metrics(ApiPtr api,
                                                      std::vector<metrics::Metric> wanted,
                                                      MetricWindow window,
                                                      std::shared_ptr<MetricAnswers> known) {
  std::vector<metrics::Lines> answers;
  for (metrics::Metric& metric : wanted) {
    metric.step_s_min = std::max(metric.step_s_min, window.step_s_min);
    const std::string key = key_of(metric);
    if (const auto found = known->find(key); found != known->end()) {
      answers.push_back(found->second);
      continue;
    }
    auto grid = metrics::grid_of(metric, window.from_s, window.to_s);
    if (!grid) co_return grid.error();
    query::Statement statement = metrics::plan(metric, *grid);
    auto body = co_await query::ask(*api->options.store, std::move(statement));
    if (!body) co_return body.error();
    auto lines = metrics::read_lines(*body, metric, *grid);
    if (!lines) co_return lines.error();
    metrics::Lines answer{.grid = *grid, .by = metric.by, .lines = std::move(*lines)};
    known->emplace(key, answer);
    answers.push_back(std::move(answer));
  }
  co_return answers;
}

}  // namespace catalejo::api
