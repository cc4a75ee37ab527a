// Runs experiments: asks a deployment about the records of a dataset, one after the other, and
// keeps each answer with its scores as a row as soon as it is there. A thread of its own; of
// several runs each has its turn. A restart goes on where it was: at most the record that was being
// asked is asked again. What a deployment cannot help (a limit, a budget, an outage) is waited for
// or stops the run, which can be continued; what is wrong with one record is a row that says so.
//
// From any thread, except stop().
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "base/limits.hpp"
#include "evaluate/experiments/plan.hpp"
#include "evaluate/experiments/spent.hpp"
#include "evaluate/judge/runner.hpp"
#include "evaluate/playground/desk.hpp"
#include "pipeline/redact.hpp"
#include "store/datasets.hpp"
#include "store/experiment_runs.hpp"

namespace catalejo::evaluate::experiments {

// The pointers are not owned and outlive the runner.
struct RunnerOptions {
  store::Datasets* datasets = nullptr;
  playground::Desk* desk = nullptr;
  judge::Runner* judges = nullptr;
  Counters* counters = nullptr;
  const pipeline::Redaction* redaction = nullptr;  // of what is answered; may be null
  int pause_ms = limits::experiment_run_pause_ms;
};

// What a plan would do, before it does.
struct Estimate {
  Plan plan;                      // with everything that it left open
  std::int64_t records = 0;       // that the dataset has
  Result<std::string> first{""};  // what would be asked of the first one, or what it lacks
  struct Judge {
    std::string name;
    std::optional<std::int64_t> calls_left;  // of today; nothing = without end
  };
  std::vector<Judge> judges;
};

class Runner {
 public:
  explicit Runner(RunnerOptions options);
  ~Runner() { stop(); }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  // Ends a call that is under way.
  void stop();

  // All of these wait for the disk.
  Result<Estimate> estimate(Plan plan);
  // Makes the experiment.
  Result<store::ExperimentRun> begin(Plan plan, const std::string& author);
  Result<store::ExperimentRun> cancel(const std::string& experiment);
  Result<store::ExperimentRun> go_on(const std::string& experiment);
  // Its failed rows are asked once more, then what has no row yet.
  Result<store::ExperimentRun> ask_again(const std::string& experiment);

 private:
  struct Wait {
    int tries = 0;              // of the same record
    std::int64_t until_ns = 0;  // on the steady clock
    int failures = 0;           // rows in sequence
  };
  // What is asked next.
  struct Turn {
    store::DatasetRecord record;
    std::int64_t iteration = 1;
    std::int64_t after = 0;                          // RunStep::after, once it is asked
    std::optional<store::ExperimentRow> instead_of;  // the row whose place the answer takes
  };
  // A record that was asked.
  struct Asked {
    store::RunStep step;
    std::vector<Spent> spent;
    std::string kind, words;  // what kept it from an answer
  };

  Result<void> resolve_prompt(Plan& plan);
  Result<Estimate> prepared(Plan plan, store::Dataset& dataset);

  void work();
  void wait_for_turn();
  std::optional<store::ExperimentRun> next_run();
  void step(const store::ExperimentRun& run);
  void step(const store::ExperimentRun& run, const Plan& plan);
  // Whether every judge has room in its day; stops the run otherwise.
  bool judges_ready(const store::ExperimentRun& run, const Plan& plan);
  // Nothing when everything has its row.
  Result<std::optional<Turn>> next_turn(const store::ExperimentRun& run, const Plan& plan);
  Asked ask(const store::ExperimentRun& run, const Plan& plan, const Turn& turn);
  void score(const Plan& plan, const playground::Completion& completion, Asked& asked);
  void ask_judge(const std::string& name, Asked& asked);
  void keep(const store::ExperimentRun& run, Asked asked);
  Result<void> advance(const std::string& experiment, const store::RunStep& step);
  std::string redacted(const std::string& text) const;

  void pause(const store::ExperimentRun& run, const std::string& kind, const std::string& words);
  void end(const store::ExperimentRun& run, const std::string& state, const std::string& kind,
           const std::string& words);
  void wake();
  azure::Stopped ended() const;
  void count_row(std::string_view outcome);

  RunnerOptions options_;
  store::ExperimentRuns& runs_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> end_current_{false};
  std::mutex mutex_;  // guards the next three members
  std::condition_variable woken_;
  bool is_woken_ = false;
  std::string current_;  // that is being asked about
  std::map<std::string, Wait> waits_;
  // Of the thread:
  std::string last_;
  std::thread thread_;  // last, so that it begins when the others are there
};

}  // namespace catalejo::evaluate::experiments
