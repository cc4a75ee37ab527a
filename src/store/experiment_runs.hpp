// Experiments that this server runs itself: what is asked of each record, and how far it is. In
// datasets.sqlite beside the experiments, so that a row and the progress that it is are one
// transaction: no record is asked a second time that has its row. Knows settings as text only
// (evaluate/experiments/plan.hpp reads it). Thread-safe, but it waits for the disk: not for an
// event loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/experiments.hpp"

namespace catalejo::store {

struct ExperimentRun {
  std::string experiment;   // whose rows it makes
  std::string name;         // of the experiment
  std::string settings;     // JSON
  std::string state;        // "running", "stopped", "cancelled" or "completed"
  std::string kind, words;  // why it stopped, or what it waits for; empty when nothing is wrong
  std::int64_t total = 0;   // rows that it will have
  std::int64_t done = 0;    // that it has
  std::int64_t failed = 0;  // of these
  std::int64_t after = 0;   // position of the record that was asked last
  // Failed rows behind this position are asked once more, before the records that have no row;
  // nothing is when none are.
  std::optional<std::int64_t> again_after;
  std::string spent = "[]";  // JSON: what was used so far
  std::string author;
  UnixNanos created, updated;
};

// One record asked once, and what is true from then on.
struct RunStep {
  ExperimentRow row;
  std::vector<ExperimentScore> scores;
  std::int64_t after = 0;
  std::string spent;
  std::optional<ExperimentRow> instead_of;  // the failed row whose place it takes
};

class ExperimentRuns {
 public:
  static Result<std::unique_ptr<ExperimentRuns>> open(const std::string& path);
  virtual ~ExperimentRuns() = default;

  // Those of removed experiments are nowhere; a restored one's is back.
  virtual Result<std::vector<ExperimentRun>> list(std::size_t limit) = 0;  // newest first
  virtual Result<ExperimentRun> get(const std::string& experiment) = 0;
  virtual Result<std::vector<ExperimentRun>> running() = 0;  // oldest first

  // Begins to run. Errors: not_found without the experiment; busy when too many run.
  virtual Result<ExperimentRun> create(const ExperimentRun& run) = 0;
  // From one state into another one, which may be the same, and its experiment with it. Error
  // bad_request when it is in none of `from`.
  virtual Result<ExperimentRun> move(const std::string& experiment,
                                     const std::vector<std::string>& from, const std::string& to,
                                     const std::string& kind, const std::string& words) = 0;
  // Its failed rows are asked once more, and it runs. Error bad_request when none failed or it
  // runs.
  virtual Result<ExperimentRun> ask_again(const std::string& experiment) = 0;
  // The next of those rows; when there is none, none are asked any more.
  virtual Result<std::optional<ExperimentRow>> next_failed(const std::string& experiment) = 0;
  // Whatever its state is: what was paid for is kept.
  virtual Result<void> advance(const std::string& experiment, const RunStep& step) = 0;
};

}  // namespace catalejo::store
