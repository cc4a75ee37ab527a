#include "app/judging.hpp"

#include <utility>

#include "app/deployments.hpp"
#include "base/limits.hpp"

namespace catalejo::app {

Result<void> Judging::open(const Settings& settings, const JudgingNeeds& needs) {
  auto deployments = judge_deployments(settings);
  if (!deployments) return deployments.error();
  const auto accept = [pipeline = &needs.pipeline](model::Batch batch) {
    return pipeline->accept(std::move(batch));
  };
  const int timeout_ms = 1'000 * settings.judge_timeout_seconds;
  auto opened = store::Judges::open(settings.control_path());
  if (!opened) return opened.error();
  control = *std::move(opened);
  auto runner = evaluate::judge::Runner::open({.control = control.get(),
                                               .store = &needs.store,
                                               .counters = &needs.counters,
                                               .accept = accept,
                                               .deployments = *deployments,
                                               .timeout_ms = timeout_ms});
  if (!runner) return runner.error();
  judges = *std::move(runner);
  auto desk = evaluate::playground::Desk::open(
      {.control = control.get(),
       .counters = &needs.counters,
       .accept = accept,
       .deployments = *std::move(deployments),
       .timeout_ms = timeout_ms,
       .budget = {.calls_per_day = settings.playground_calls_per_day,
                  .tokens_per_day = settings.playground_tokens_per_day}});
  if (!desk) return desk.error();
  playground = *std::move(desk);
  experiments = std::make_unique<evaluate::experiments::Runner>(
      evaluate::experiments::RunnerOptions{.datasets = &needs.datasets,
                                           .desk = playground.get(),
                                           .judges = judges.get(),
                                           .counters = &needs.counters,
                                           .redaction = &needs.redaction});
  trials = std::make_unique<Worker>(limits::judge_trials_max, limits::judge_trials_max);
  return {};
}

void Judging::stop() {
  experiments->stop();
  judges->stop();
  playground->stop();
}

}  // namespace catalejo::app
