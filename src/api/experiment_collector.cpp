#include "api/experiment_collector.hpp"

#include <chrono>

#include "api/experiment_spans.hpp"
#include "base/log.hpp"
#include "base/task_blocking.hpp"

namespace catalejo::api {
namespace {

constexpr auto kPause = std::chrono::seconds(15);
// From the end that a client tells to the last of its spans in the database.
constexpr std::int64_t kSettled = 60 * kNanosPerSecond;
// Older clients tell no end.
constexpr std::int64_t kSilent = 3'600 * kNanosPerSecond;

bool is_over(const store::Experiment& experiment, UnixNanos at) {
  const bool ended = !experiment.status.empty() && experiment.status != "running";
  return at.value - experiment.updated.value > (ended ? kSettled : kSilent);
}

}  // namespace

ExperimentCollector::ExperimentCollector(store::Store& store, store::Experiments& experiments,
                                         Counters& counters)
    : store_(store),
      experiments_(experiments),
      counters_(counters),
      reader_(store),
      thread_([this] { run(); }) {}

void ExperimentCollector::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool ExperimentCollector::wait() {
  std::unique_lock lock(mutex_);
  return !woken_.wait_for(lock, kPause, [this] { return stopping_; });
}

void ExperimentCollector::run() {
  while (wait())
    if (store_.status().ready) collect_ended();
}

void ExperimentCollector::collect_ended() {
  auto waiting = experiments_.uncollected();
  if (!waiting) {
    log::warn("experiments", "cannot be read: {}", to_string(waiting.error()));
    return;
  }
  for (const store::Experiment& one : *waiting) {
    if (!is_over(one, now())) continue;
    auto collected = collect(one);
    if (collected) continue;
    counters_.counter("catalejo_experiments_not_collected_total").add();
    log::warn("experiments", "the rows of {} are not kept yet: {}", one.id,
              to_string(collected.error()));
  }
}

Result<void> ExperimentCollector::collect(const store::Experiment& experiment) {
  const KeepRows keep = [this, id = experiment.id](std::vector<store::ExperimentRow> rows,
                                                   bool last) -> Task<Result<void>> {
    return keep_rows(id, std::move(rows), last);
  };
  return run_blocking(collect_experiment_spans(reader_, experiment, keep));
}

// A thread of its own may wait for a file.
Task<Result<void>> ExperimentCollector::keep_rows(std::string id,
                                                  std::vector<store::ExperimentRow> rows,
                                                  bool last) {
  co_return experiments_.collect(id, rows, last);
}

}  // namespace catalejo::api
