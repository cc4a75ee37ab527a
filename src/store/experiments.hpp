// Experiments: a task that was run on the records of a dataset, what came out and how it was
// scored. In datasets.sqlite, for they outlive the spans they are made of
// (docs/decisions/035-experiments.md); its own connection. Thread-safe, but it waits for the disk:
// not for an event loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

// "running", "completed", "failed" and "interrupted"; empty before a client says.
bool is_experiment_status(std::string_view status);

struct Experiment {
  std::string id, project, dataset;
  std::string dataset_name;  // empty when the dataset is gone
  std::int64_t dataset_version = 0;
  std::string experiment;  // the name its author gave; runs share it
  std::string name;        // of this one alone, unless it was asked for otherwise
  std::string description;
  std::string config = "{}", metadata = "{}";  // JSON objects
  std::int64_t runs = 1;
  std::string parent;  // the experiment whose outputs it scores again
  std::string status, error;
  bool collected = false;  // every span of it is a row
  UnixNanos created, updated, deleted;
};

// Fields without a value stay as they are.
struct ExperimentUpdate {
  std::optional<std::string> name, description, dataset, metadata, status, error;
};

// Empty texts ask for anything.
struct ExperimentsAsked {
  std::string id, project, dataset, experiment, name;
  std::vector<std::string> parents;  // any of them
  std::string metadata;              // JSON object that theirs must contain
  bool deleted = false;              // the deleted ones instead
  std::int64_t after = 0;            // position
  std::size_t limit = 0;
};

// One record, run once. Input, output, expected output and metadata are JSON or empty.
struct ExperimentRow {
  std::string span_id, trace_id;  // as the client writes them
  std::string record;             // id of the record; empty when it was none
  std::int64_t run = 0;
  std::string name;
  UnixNanos start;
  std::int64_t duration_ns = 0;
  bool failed = false;
  std::string error_type, error_message, error_stack;
  std::string input, output, expected, metadata;
  std::string tags = "[]";  // JSON array of texts
  std::int64_t position = 0;
};

// What an evaluator said of a row, or, without a span, of the whole.
struct ExperimentScore {
  std::string span_id, trace_id, label;
  std::string type;             // "score", "boolean", "categorical" or "json"
  std::string value = "null";   // JSON
  std::optional<double> score;  // of a score or a boolean
  std::string assessment, reasoning, status;
  std::string source;     // "custom", "summary"
  std::string judged_by;  // eval_source_type, as it came
  std::string error;      // JSON object or empty
  std::string metadata;   // JSON object or empty
  std::string tags = "[]";
  std::int64_t timestamp_ms = 0;
};

// All rows of an experiment with one label.
struct LabelSummary {
  std::string label, type;
  std::int64_t count = 0, failed = 0;  // scores, and evaluators that failed instead
  std::optional<double> mean;
  std::int64_t passed = 0, refused = 0;  // by assessment
};

struct ExperimentSummary {
  std::int64_t rows = 0, errors = 0;
  std::int64_t duration_ns_mean = 0;
  std::vector<LabelSummary> labels;     // of rows
  std::vector<ExperimentScore> scores;  // of the whole
};

struct ExperimentsPage {
  std::vector<Experiment> experiments;
  std::optional<std::int64_t> next;
};

struct ExperimentRows {
  std::vector<ExperimentRow> rows;
  std::vector<ExperimentScore> scores;  // of these rows
  std::optional<std::int64_t> next;
};

class Experiments {
 public:
  static Result<std::unique_ptr<Experiments>> open(const std::string& path);
  virtual ~Experiments() = default;

  // Newest first.
  virtual Result<ExperimentsPage> list(const ExperimentsAsked& asked) = 0;
  // `unique`: under a name of its own; otherwise the one of this name when there is one already.
  virtual Result<Experiment> create(Experiment experiment, bool unique) = 0;
  virtual Result<Experiment> update(const std::string& id, const ExperimentUpdate& update) = 0;
  // Gone from every list but the one of the deleted; `restore` brings it back.
  virtual Result<std::vector<Experiment>> remove(const std::vector<std::string>& ids) = 0;
  virtual Result<Experiment> restore(const std::string& id) = 0;

  // What a client sent. Rows and scores that are there are replaced, a score only by one that is
  // not older.
  virtual Result<void> add(const std::string& id, const std::vector<ExperimentRow>& rows,
                           const std::vector<ExperimentScore>& scores) = 0;
  // What was found among the spans; `whole`: there is nothing else, as long as no client says more.
  virtual Result<void> collect(const std::string& id, const std::vector<ExperimentRow>& rows,
                               bool whole) = 0;
  virtual Result<std::vector<Experiment>> uncollected() = 0;
  // From `after` on, at most `limit` and a bounded number of bytes.
  virtual Result<ExperimentRows> rows(const std::string& id, std::int64_t after,
                                      std::size_t limit) = 0;
  virtual Result<ExperimentRows> row(const std::string& id, const std::string& span_id) = 0;
  virtual Result<ExperimentSummary> summary(const std::string& id) = 0;
};

}  // namespace catalejo::store
