// Looks through everything that experiments are made of: projects, datasets, their records,
// experiments, their runs, and what evaluators said of them. In datasets.sqlite, on a connection of
// its own. Thread-safe, but it waits for the disk: not for an event loop.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/datasets.hpp"
#include "store/experiments.hpp"

namespace catalejo::store {

// In the order in which they are found.
enum class Entity { project, dataset, record, experiment, run };

// A repetition of an experiment over its records.
struct NumberedRun {
  std::string experiment;
  std::int64_t number = 0, rows = 0, errors = 0, duration_ns_mean = 0;
  UnixNanos created;  // when its first row began
};

struct ExperimentationAsked {
  std::vector<Entity> scope;
  // Each must be somewhere in the name, the texts or the id; ASCII without regard to case.
  std::vector<std::string> words;
  bool kept = true, deleted = false;  // what is not removed, what is
  std::int64_t version = 0;           // of the records' datasets; 0 is the newest
  // "name", "created_at", "updated_at"; descending where true. After these, and without any, in the
  // order of Entity, newest first.
  std::vector<std::pair<std::string, bool>> sort;
  std::size_t skip = 0, limit = 0;
  std::optional<std::pair<Entity, std::int64_t>> after;  // `next` of the page before
};

struct ExperimentationFound {
  std::vector<Project> projects;
  std::vector<Dataset> datasets;
  std::vector<std::pair<std::string, DatasetRecord>> records;  // with the id of the dataset
  std::vector<Experiment> experiments;
  std::vector<NumberedRun> runs;
  std::optional<std::pair<Entity, std::int64_t>> next;  // without `sort` only
  std::int64_t total = 0;  // of all pages, counted up to limits::experimentation_found_max
};

// One condition on scores: the field has one of the values, or lies between the ends; `none`: not.
struct ScoreCondition {
  std::string field;
  std::vector<std::string> values;
  std::optional<double> from, to;  // of "score_value" and "duration", both ends included
  bool none = false;
};

struct ScoresAsked {
  std::vector<ScoreCondition> all_of;
  std::optional<std::int64_t> dataset_version;
  std::optional<std::pair<std::int64_t, std::int64_t>> time_ms;  // from, to: both included
  std::vector<std::string> metrics;                              // see score_metrics()
  std::vector<std::string> group_by;                             // see score_fields()
  std::size_t limit = 0;
};

struct ScoreGroup {
  std::vector<std::string> by;                 // values of group_by
  std::vector<std::optional<double>> metrics;  // none where there was nothing to count
};

struct ScoresCounted {
  std::int64_t hits = 0;           // scores before they were grouped
  std::vector<ScoreGroup> groups;  // the largest first
};

// "experiment_id", "label", …: what scores may be selected and grouped by.
std::vector<std::string_view> score_fields();
// "count", "score_value" (mean), "duration" (mean of the rows, nanoseconds).
std::vector<std::string_view> score_metrics();

class Experimentation {
 public:
  static Result<std::unique_ptr<Experimentation>> open(const std::string& path);
  virtual ~Experimentation() = default;

  // Less than `limit` where the records of a page would be too large.
  virtual Result<ExperimentationFound> search(const ExperimentationAsked& asked) = 0;
  virtual Result<ScoresCounted> count_scores(const ScoresAsked& asked) = 0;
};

}  // namespace catalejo::store
