#include "query/metrics/ask.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "query/answers.hpp"
#include "query/metrics/plan.hpp"
#include "query/metrics/span_lines.hpp"
#include "query/statement.hpp"

namespace catalejo::query::metrics {
namespace {

// What makes two metrics the same question.
std::string key_of(const Metric& metric, const Window& window) {
  return fmt::format("{} {} {} {} {} {} {} {} {}", metric.one_place, window.from_s, window.to_s,
                     metric.shift_s, metric.history_s, metric.step_s_min, metric.rollup_s,
                     metric.rollup ? static_cast<int>(*metric.rollup) : -1, metric.text);
}

Task<Result<std::vector<Line>>> ask_lines(store::Store& store, CostReader* costs, Metric metric,
                                          Grid grid) {
  if (metric.spans) co_return co_await ask_span_lines(store, costs, metric, grid);
  Statement statement = plan(metric, grid);
  auto body = co_await query::ask(store, std::move(statement));
  if (!body) co_return body.error();
  co_return read_lines(*body, metric, grid);
}

}  // namespace

Task<Result<std::vector<Lines>>> ask(store::Store& store, std::vector<Metric> wanted, Window window,
                                     std::shared_ptr<Answers> known, CostReader* costs) {
  std::vector<Lines> answers;
  for (Metric& metric : wanted) {
    metric.step_s_min = std::max(metric.step_s_min, window.step_s_min);
    const std::string key = key_of(metric, window);
    if (const auto found = known->find(key); found != known->end()) {
      answers.push_back(found->second);
      continue;
    }
    auto grid = grid_of(metric, window.from_s, window.to_s);
    if (!grid) co_return grid.error();
    auto lines = co_await ask_lines(store, costs, metric, *grid);
    if (!lines) co_return lines.error();
    Lines answer{.grid = *grid, .by = metric.by, .lines = std::move(*lines)};
    known->emplace(key, answer);
    answers.push_back(std::move(answer));
  }
  complete_counts(wanted, answers);
  co_return answers;
}

}  // namespace catalejo::query::metrics
