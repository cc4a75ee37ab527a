// What is set for each evaluator, every change kept with who made it, and passes over the past. In
// control.sqlite, its own connection. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

struct EvaluatorSettings {
  std::string evaluator;
  bool enabled = true;
  std::optional<double> threshold;  // of a score; none = the evaluator's own
  double sampling = 1;              // share of traces
  std::string query;                // of the search language; empty = every span
  std::string options;              // JSON, what this evaluator asks for (canaries, topics)
  bool keep_passes = false;         // as evaluations, not only as counts
  std::string author;               // who changed it
  UnixNanos changed;                // 0 = never
};

enum class RunState { waiting, running, done, cancelled, failed };

// One pass of an evaluator over spans that began between two times.
struct EvaluatorRun {
  std::int64_t id = 0;
  std::string evaluator;
  std::int64_t version = 0;
  UnixNanos from, to;  // both included
  RunState state = RunState::waiting;
  std::int64_t spans = 0;  // in that time, when the pass began
  std::int64_t seen = 0, judged = 0, failed = 0;
  // Behind this span it goes on.
  UnixNanos at;
  TraceId at_trace;
  SpanId at_span;
  std::string author, problem;
  UnixNanos created, updated;
};

class Evaluators {
 public:
  static Result<std::unique_ptr<Evaluators>> open(const std::string& path);
  virtual ~Evaluators() = default;

  // The newest of each evaluator that was ever changed.
  virtual Result<std::vector<EvaluatorSettings>> settings() = 0;
  virtual Result<void> put(EvaluatorSettings settings) = 0;
  virtual Result<std::vector<EvaluatorSettings>> history(const std::string& evaluator) = 0;

  virtual Result<std::int64_t> add_run(EvaluatorRun run) = 0;
  virtual Result<std::vector<EvaluatorRun>> runs() = 0;  // newest first, the latest of them
  // The oldest that is not over.
  virtual Result<std::optional<EvaluatorRun>> next_run() = 0;
  // Keeps how far it is; false when it was cancelled meanwhile.
  virtual Result<bool> save_run(const EvaluatorRun& run) = 0;
  virtual Result<void> cancel_run(std::int64_t id) = 0;  // error not_found
};

}  // namespace catalejo::store
