#include "evaluate/experiments/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/log.hpp"
#include "evaluate/experiments/checks.hpp"
#include "evaluate/experiments/record_prompt.hpp"
#include "store/experiments.hpp"
#include "store/prompts.hpp"

namespace catalejo::evaluate::experiments {
namespace {

constexpr auto kIdle = std::chrono::seconds(30);  // an experiment that was restored is seen then
constexpr int kKeepTries = 5;
constexpr auto kKeepPause = std::chrono::milliseconds(200);

bool is_among(std::string_view kind, std::initializer_list<std::string_view> kinds) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

// Nothing that the next record would change.
bool stops_at_once(std::string_view kind) {
  return is_among(kind, {"budget", "deployment", "key"});
}

// What passes by itself.
bool is_waited_for(std::string_view kind) {
  return is_among(kind, {"rate_limit", "unreachable"});
}

// Of one record, or of all: after some of them it is of all.
bool may_be_the_deployment(std::string_view kind) {
  return is_among(kind, {"server", "timeout", "request"});
}

}  // namespace

Runner::Runner(RunnerOptions options)
    : options_(options), runs_(options.datasets->experiment_runs()), thread_([this] { work(); }) {}

void Runner::stop() {
  stopping_ = true;
  wake();
  if (thread_.joinable()) thread_.join();
}

void Runner::wake() {
  {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
  }
  woken_.notify_all();
}

azure::Stopped Runner::ended() const {
  return [this] { return stopping_.load() || end_current_.load(); };
}

void Runner::count_row(std::string_view outcome) {
  options_.counters->counter("catalejo_experiment_rows_total", label("outcome", outcome)).add();
}

Result<void> Runner::resolve_prompt(Plan& plan) {
  if (plan.prompt.empty() || !plan.messages_json.empty()) return {};
  auto version = options_.datasets->prompts().version(plan.prompt, plan.prompt_version);
  if (!version) return version.error();
  plan.prompt_version = version->version;
  auto messages = messages_of_prompt(version->text);
  if (!messages) return messages.error();
  plan.messages_json = *std::move(messages);
  CATALEJO_TRY(check_messages(plan.messages_json));
  auto question = question_of(plan, plan.messages_json);
  return question ? Result<void>() : question.error();
}

Result<Estimate> Runner::prepared(Plan plan, store::Dataset& dataset) {
  auto found = options_.datasets->get(plan.dataset);
  if (!found) return found.error();
  dataset = *std::move(found);
  std::int64_t records = dataset.records;
  if (plan.dataset_version == 0) plan.dataset_version = dataset.version;
  if (plan.dataset_version != dataset.version) {
    auto versions = options_.datasets->versions(plan.dataset);
    if (!versions) return versions.error();
    const auto version =
        std::ranges::find(*versions, plan.dataset_version, &store::DatasetVersion::version);
    if (version == versions->end())
      return Error{Code::bad_request, fmt::format("the newest version is {}", dataset.version),
                   "dataset_version"};
    records = version->records;
  }
  if (records == 0) return Error{Code::bad_request, "the dataset has no records", "dataset_id"};
  plan.records = plan.records == 0 ? records : std::min(plan.records, records);
  if (plan.rows() > static_cast<std::int64_t>(limits::experiment_rows_max))
    return Error{Code::bad_request,
                 fmt::format("an experiment has at most {} rows", limits::experiment_rows_max),
                 "times"};
  CATALEJO_TRY(resolve_prompt(plan));
  auto deployment = judge::choose(options_.desk->deployments(), plan.deployment);
  if (!deployment) return deployment.error();
  plan.deployment = deployment->name;
  if (plan.name.empty()) plan.name = dataset.name;
  Estimate estimate{.plan = std::move(plan), .records = records, .judges = {}};
  for (const std::string& name : estimate.plan.judges) {
    auto left = options_.judges->calls_left(name);
    if (!left) return Error{Code::bad_request, left.error().message, "evaluators"};
    estimate.judges.push_back({name, *left});
  }
  return estimate;
}

Result<Estimate> Runner::estimate(Plan plan) {
  store::Dataset dataset;
  auto estimate = prepared(std::move(plan), dataset);
  if (!estimate) return estimate.error();
  auto page = options_.datasets->records(dataset.id, estimate->plan.dataset_version, 0, 1);
  if (!page) return page.error();
  if (!page->records.empty())
    estimate->first = fill(estimate->plan.messages_json, page->records.front());
  return estimate;
}

Result<store::ExperimentRun> Runner::begin(Plan plan, const std::string& author) {
  store::Dataset dataset;
  auto ready = prepared(std::move(plan), dataset);
  if (!ready) return ready.error();
  const Plan& whole = ready->plan;
  store::ExperimentRun run{.experiment = {},
                           .name = whole.name,
                           .settings = {},
                           .state = {},
                           .kind = {},
                           .words = {},
                           .total = whole.rows(),
                           .author = author};
  append_plan(run.settings, whole);
  auto experiment =
      options_.datasets->experiments().create({.project = dataset.project,
                                               .dataset = dataset.id,
                                               .dataset_version = whole.dataset_version,
                                               .name = whole.name,
                                               .description = whole.description,
                                               .config = config_of(whole),
                                               .runs = whole.times},
                                              true);
  if (!experiment) return experiment.error();
  run.experiment = experiment->id;
  auto begun = runs_.create(run);
  if (!begun) {
    CATALEJO_TRY(options_.datasets->experiments().remove({experiment->id}));
    return begun.error();
  }
  wake();
  return begun;
}

Result<store::ExperimentRun> Runner::cancel(const std::string& experiment) {
  auto run = runs_.move(experiment, {"running", "stopped"}, "cancelled", "", "");
  if (!run) return run.error();
  options_.counters->counter("catalejo_experiment_runs_ended_total", label("reason", "cancelled"))
      .add();
  const std::lock_guard lock(mutex_);
  waits_.erase(experiment);
  if (current_ == experiment) end_current_ = true;
  return run;
}

Result<store::ExperimentRun> Runner::go_on(const std::string& experiment) {
  auto run = runs_.move(experiment, {"stopped", "cancelled"}, "running", "", "");
  if (run) wake();
  return run;
}

Result<store::ExperimentRun> Runner::ask_again(const std::string& experiment) {
  auto run = runs_.ask_again(experiment);
  if (run) wake();
  return run;
}

void Runner::work() {
  while (!stopping_) {
    if (const auto run = next_run()) {
      last_ = run->experiment;
      step(*run);
    } else {
      wait_for_turn();
    }
  }
}

// Until somebody wants something, or the first pause is over.
void Runner::wait_for_turn() {
  std::unique_lock lock(mutex_);
  auto pause = std::chrono::nanoseconds(kIdle);
  const std::int64_t at = steady_now_nanos();
  for (const auto& [id, wait] : waits_)
    if (wait.until_ns > at) pause = std::min(pause, std::chrono::nanoseconds(wait.until_ns - at));
  woken_.wait_for(lock, pause, [this] { return is_woken_; });
  is_woken_ = false;
}

// The one whose turn it is: the first after the last one that is not waiting.
std::optional<store::ExperimentRun> Runner::next_run() {
  auto running = runs_.running();
  if (!running) {
    log::warn("experiments", "runs cannot be read: {}", to_string(running.error()));
    return std::nullopt;
  }
  const auto last = std::ranges::find(*running, last_, &store::ExperimentRun::experiment);
  if (last != running->end()) std::rotate(running->begin(), last + 1, running->end());
  const std::int64_t at = steady_now_nanos();
  const std::lock_guard lock(mutex_);
  std::erase_if(waits_, [&](const auto& each) {
    return std::ranges::find(*running, each.first, &store::ExperimentRun::experiment) ==
           running->end();
  });
  for (store::ExperimentRun& run : *running) {
    const auto wait = waits_.find(run.experiment);
    if (wait == waits_.end() || wait->second.until_ns <= at) return std::move(run);
  }
  return std::nullopt;
}

void Runner::step(const store::ExperimentRun& chosen) {
  {
    const std::lock_guard lock(mutex_);
    current_ = chosen.experiment;
    end_current_ = false;
  }
  // Whoever cancelled before saw no call to end.
  const auto run = runs_.get(chosen.experiment);
  if (run && run->state == "running") {
    if (const auto plan = read_plan(run->settings); plan) {
      step(*run, *plan);
    } else {  // of another version of the program
      end(*run, "stopped", "settings", plan.error().message);
    }
  }
  const std::lock_guard lock(mutex_);
  current_.clear();
}

Result<std::optional<Runner::Turn>> Runner::next_turn(const store::ExperimentRun& run,
                                                      const Plan& plan) {
  if (run.again_after) {
    auto row = runs_.next_failed(run.experiment);
    if (!row) return row.error();
    if (*row) {
      auto record = options_.datasets->record(plan.dataset, plan.dataset_version, (*row)->record);
      if (!record) return record.error();
      const std::int64_t iteration = (*row)->run;
      return std::optional(Turn{.record = *std::move(record),
                                .iteration = iteration,
                                .after = run.after,
                                .instead_of = std::move(**row)});
    }
  }
  if (run.done >= run.total) return std::optional<Turn>();
  // All records once, then all of them again.
  const std::int64_t after = run.done % plan.records == 0 ? 0 : run.after;
  auto page = options_.datasets->records(plan.dataset, plan.dataset_version, after, 1);
  if (!page) return page.error();
  if (page->records.empty())
    return Error{Code::not_found, "the dataset has fewer records than it had", plan.dataset};
  store::DatasetRecord record = std::move(page->records.front());
  const std::int64_t position = record.position;
  return std::optional(Turn{.record = std::move(record),
                            .iteration = run.done / plan.records + 1,
                            .after = position,
                            .instead_of = {}});
}

void Runner::step(const store::ExperimentRun& run, const Plan& plan) {
  auto turn = next_turn(run, plan);
  if (!turn) return end(run, "stopped", "dataset", turn.error().message);
  if (!*turn) return end(run, "completed", "", "");
  if (!judges_ready(run, plan)) return;
  Asked asked = ask(run, plan, **turn);
  if (asked.kind == "stopped") return;
  if (stops_at_once(asked.kind)) return end(run, "stopped", asked.kind, asked.words);
  if (is_waited_for(asked.kind)) return pause(run, asked.kind, asked.words);
  keep(run, std::move(asked));
}

bool Runner::judges_ready(const store::ExperimentRun& run, const Plan& plan) {
  for (const std::string& name : plan.judges) {
    auto left = options_.judges->calls_left(name);
    if (!left) {
      end(run, "stopped", "judge", left.error().message);
      return false;
    }
    if (left->value_or(1) > 0) continue;
    end(run, "stopped", "budget",
        fmt::format("the judge \"{}\" has used up its budget of today (UTC)", name));
    return false;
  }
  return true;
}

// Paid once: what was answered is kept even when the file is busy for a moment.
Result<void> Runner::advance(const std::string& experiment, const store::RunStep& step) {
  for (int attempt = 1;; ++attempt) {
    auto kept = runs_.advance(experiment, step);
    if (kept || kept.error().code == Code::bad_request || attempt == kKeepTries) return kept;
    std::this_thread::sleep_for(kKeepPause);
  }
}

void Runner::keep(const store::ExperimentRun& run, Asked asked) {
  if (auto kept = advance(run.experiment, asked.step); !kept) {
    options_.counters->counter("catalejo_experiment_rows_not_kept_total").add();
    return end(run, "stopped", "full", kept.error().message);
  }
  count_row(asked.kind.empty() ? "answered" : asked.kind);
  int failures = 0;
  {
    const std::lock_guard lock(mutex_);
    Wait& wait = waits_[run.experiment];
    wait.tries = 0;
    wait.failures = may_be_the_deployment(asked.kind) ? wait.failures + 1 : 0;
    failures = wait.failures;
  }
  if (!asked.step.instead_of && run.done + 1 >= run.total) return end(run, "completed", "", "");
  if (failures >= limits::experiment_run_failures_max)
    end(run, "stopped", "failures",
        fmt::format("{} records in sequence were not answered; the last one: {}", failures,
                    asked.words));
}

void Runner::pause(const store::ExperimentRun& run, const std::string& kind,
                   const std::string& words) {
  std::int64_t pause_ms = 0;
  {
    const std::lock_guard lock(mutex_);
    Wait& wait = waits_[run.experiment];
    if (++wait.tries < limits::experiment_run_tries_max) {
      pause_ms = std::int64_t{options_.pause_ms} << (wait.tries - 1);
      wait.until_ns = steady_now_nanos() + pause_ms * kNanosPerMilli;
    }
  }
  if (pause_ms == 0) return end(run, "stopped", kind, words);
  auto told = runs_.move(run.experiment, {"running"}, "running", kind, words);
  if (!told) log::debug("experiments", "{}: {}", run.experiment, to_string(told.error()));
}

// Somebody may have cancelled it meanwhile: then that holds.
void Runner::end(const store::ExperimentRun& run, const std::string& state, const std::string& kind,
                 const std::string& words) {
  {
    // Whoever continues it begins anew, and may do so as soon as it has ended.
    const std::lock_guard lock(mutex_);
    waits_.erase(run.experiment);
  }
  auto moved = runs_.move(run.experiment, {"running"}, state, kind, words);
  if (!moved) {
    log::warn("experiments", "{} is not {}: {}", run.experiment, state, to_string(moved.error()));
    return;
  }
  options_.counters
      ->counter("catalejo_experiment_runs_ended_total",
                label("reason", kind.empty() ? state : kind))
      .add();
}

}  // namespace catalejo::evaluate::experiments
