#include "store/control/experiment_rows.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"

namespace catalejo::store {
namespace {

constexpr const char* kRowColumns =
    "SELECT seq, span_id, trace_id, record, run, name, start_ns, duration_ns, failed, error_type, "
    "error_message, error_stack, input, output, expected, metadata, tags FROM experiment_rows "
    "WHERE experiment = ?1 AND ";
constexpr const char* kScoreColumns =
    "SELECT span_id, trace_id, label, type, value, score, assessment, reasoning, status, source, "
    "judged_by, error, metadata, tags, timestamp_ms, score IS NULL FROM experiment_scores "
    "WHERE experiment = ?1 AND ";

std::size_t bytes_of(const ExperimentRow& row) {
  return row.input.size() + row.output.size() + row.expected.size() + row.metadata.size() +
         row.tags.size() + row.error_message.size() + row.error_stack.size();
}

ExperimentRow read_experiment_row(const Statement& row) {
  return {.span_id = row.text(1),
          .trace_id = row.text(2),
          .record = row.text(3),
          .run = row.number(4),
          .name = row.text(5),
          .start = {row.number(6)},
          .duration_ns = row.number(7),
          .failed = row.number(8) != 0,
          .error_type = row.text(9),
          .error_message = row.text(10),
          .error_stack = row.text(11),
          .input = row.text(12),
          .output = row.text(13),
          .expected = row.text(14),
          .metadata = row.text(15),
          .tags = row.text(16),
          .position = row.number(0)};
}

ExperimentScore read_score(const Statement& row) {
  return {.span_id = row.text(0),
          .trace_id = row.text(1),
          .label = row.text(2),
          .type = row.text(3),
          .value = row.text(4),
          .score = row.number(15) != 0 ? std::nullopt : std::optional(row.real(5)),
          .assessment = row.text(6),
          .reasoning = row.text(7),
          .status = row.text(8),
          .source = row.text(9),
          .judged_by = row.text(10),
          .error = row.text(11),
          .metadata = row.text(12),
          .tags = row.text(13),
          .timestamp_ms = row.number(14)};
}

Result<std::vector<ExperimentScore>> read_scores(sqlite3* database, const std::string& experiment,
                                                 const std::string& span_id) {
  Statement row(database, fmt::format("{} span_id = ?2 ORDER BY label", kScoreColumns).c_str());
  row.bind(1, experiment).bind(2, span_id);
  std::vector<ExperimentScore> scores;
  while (row.step()) scores.push_back(read_score(row));
  CATALEJO_TRY(row.result());
  return scores;
}

Result<void> add_scores(sqlite3* database, const std::string& experiment, ExperimentRows& page) {
  for (const ExperimentRow& row : page.rows) {
    auto scores = read_scores(database, experiment, row.span_id);
    if (!scores) return scores.error();
    std::move(scores->begin(), scores->end(), std::back_inserter(page.scores));
  }
  return {};
}

struct Held {
  std::int64_t rows = 0, bytes = 0, scores = 0;
};

Result<Held> read_held(sqlite3* database, const std::string& experiment) {
  Statement row(database, "SELECT rows, bytes, scores FROM experiments WHERE id = ?");
  row.bind(1, experiment);
  if (row.step()) return Held{row.number(0), row.number(1), row.number(2)};
  CATALEJO_TRY(row.result());
  return Error{Code::not_found, "there is no such experiment", experiment};
}

Result<void> write_held(sqlite3* database, const std::string& experiment, const Held& held) {
  Statement update(database, "UPDATE experiments SET rows = ?, bytes = ?, scores = ? WHERE id = ?");
  update.bind(1, held.rows).bind(2, held.bytes).bind(3, held.scores).bind(4, experiment).step();
  return update.result();
}

// The bytes of the row that is there, if one is.
Result<std::optional<std::int64_t>> bytes_held(sqlite3* database, const std::string& experiment,
                                               const std::string& span_id) {
  Statement row(database, "SELECT bytes FROM experiment_rows WHERE experiment = ? AND span_id = ?");
  row.bind(1, experiment).bind(2, span_id);
  if (row.step()) return std::optional(row.number(0));
  CATALEJO_TRY(row.result());
  return std::optional<std::int64_t>();
}

Result<bool> is_stored(sqlite3* database, const std::string& experiment,
                       const ExperimentScore& score) {
  Statement row(database,
                "SELECT 1 FROM experiment_scores WHERE experiment = ? AND span_id = ? AND "
                "label = ?");
  row.bind(1, experiment).bind(2, score.span_id).bind(3, score.label);
  const bool found = row.step();
  CATALEJO_TRY(row.result());
  return found;
}

}  // namespace

Experiment read_experiment(const Statement& row) {
  return {.id = row.text(1),
          .project = row.text(2),
          .dataset = row.text(3),
          .dataset_name = row.text(4),
          .dataset_version = row.number(5),
          .experiment = row.text(6),
          .name = row.text(7),
          .description = row.text(8),
          .config = row.text(9),
          .metadata = row.text(10),
          .runs = row.number(11),
          .parent = row.text(12),
          .status = row.text(13),
          .error = row.text(14),
          .collected = row.number(15) != 0,
          .created = {row.number(16)},
          .updated = {row.number(17)},
          .deleted = {row.number(18)}};
}

Result<void> write_rows(sqlite3* database, const std::string& experiment,
                        const std::vector<ExperimentRow>& rows) {
  auto held = read_held(database, experiment);
  if (!held) return held.error();
  for (const ExperimentRow& row : rows) {
    auto before = bytes_held(database, experiment, row.span_id);
    if (!before) return before.error();
    const auto bytes = static_cast<std::int64_t>(bytes_of(row));
    held->rows += *before ? 0 : 1;
    held->bytes += bytes - before->value_or(0);
    if (held->rows > static_cast<std::int64_t>(limits::experiment_rows_max) ||
        held->bytes > static_cast<std::int64_t>(limits::experiment_bytes_max))
      return bad("spans", fmt::format("an experiment has at most {} rows and {} bytes",
                                      limits::experiment_rows_max, limits::experiment_bytes_max));
    Statement insert(database,
                     "INSERT INTO experiment_rows (experiment, span_id, bytes, trace_id, record, "
                     "run, name, start_ns, duration_ns, failed, error_type, error_message, "
                     "error_stack, input, output, expected, metadata, tags) "
                     "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
                     "ON CONFLICT (experiment, span_id) DO UPDATE SET bytes = excluded.bytes, "
                     "trace_id = excluded.trace_id, record = excluded.record, run = excluded.run, "
                     "name = excluded.name, start_ns = excluded.start_ns, duration_ns = "
                     "excluded.duration_ns, failed = excluded.failed, error_type = "
                     "excluded.error_type, error_message = excluded.error_message, error_stack = "
                     "excluded.error_stack, input = excluded.input, output = excluded.output, "
                     "expected = excluded.expected, metadata = excluded.metadata, "
                     "tags = excluded.tags");
    insert.bind(1, experiment).bind(2, row.span_id).bind(3, bytes).bind(4, row.trace_id);
    insert.bind(5, row.record).bind(6, row.run).bind(7, row.name).bind(8, row.start.value);
    insert.bind(9, row.duration_ns).bind(10, std::int64_t{row.failed}).bind(11, row.error_type);
    insert.bind(12, row.error_message).bind(13, row.error_stack).bind(14, row.input);
    insert.bind(15, row.output).bind(16, row.expected).bind(17, row.metadata).bind(18, row.tags);
    insert.step();
    CATALEJO_TRY(insert.result());
  }
  return write_held(database, experiment, *held);
}

Result<void> write_scores(sqlite3* database, const std::string& experiment,
                          const std::vector<ExperimentScore>& scores) {
  auto held = read_held(database, experiment);
  if (!held) return held.error();
  for (const ExperimentScore& score : scores) {
    auto stored = is_stored(database, experiment, score);
    if (!stored) return stored.error();
    held->scores += *stored ? 0 : 1;
    if (held->scores > static_cast<std::int64_t>(limits::experiment_scores_max))
      return bad("metrics",
                 fmt::format("an experiment has at most {} scores", limits::experiment_scores_max));
    Statement put(database,
                  "INSERT INTO experiment_scores (experiment, span_id, label, trace_id, type, "
                  "value, score, assessment, reasoning, status, source, judged_by, error, "
                  "metadata, tags, timestamp_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
                  "ON CONFLICT DO UPDATE SET trace_id = excluded.trace_id, type = excluded.type, "
                  "value = excluded.value, score = excluded.score, assessment = "
                  "excluded.assessment, reasoning = excluded.reasoning, status = excluded.status, "
                  "source = excluded.source, judged_by = excluded.judged_by, error = "
                  "excluded.error, metadata = excluded.metadata, tags = excluded.tags, "
                  "timestamp_ms = excluded.timestamp_ms "
                  "WHERE excluded.timestamp_ms >= experiment_scores.timestamp_ms");
    put.bind(1, experiment).bind(2, score.span_id).bind(3, score.label).bind(4, score.trace_id);
    put.bind(5, score.type).bind(6, score.value);
    if (score.score) put.bind_real(7, *score.score);
    put.bind(8, score.assessment).bind(9, score.reasoning).bind(10, score.status);
    put.bind(11, score.source).bind(12, score.judged_by).bind(13, score.error);
    put.bind(14, score.metadata).bind(15, score.tags).bind(16, score.timestamp_ms).step();
    CATALEJO_TRY(put.result());
  }
  return write_held(database, experiment, *held);
}

Result<void> give_place(sqlite3* database, const std::string& experiment,
                        const std::string& failed_span, const std::string& span) {
  auto held = read_held(database, experiment);
  if (!held) return held.error();
  Statement scores(database, "DELETE FROM experiment_scores WHERE experiment = ? AND span_id = ?");
  scores.bind(1, experiment).bind(2, failed_span).step();
  CATALEJO_TRY(scores.result());
  held->scores -= sqlite3_changes(database);
  Statement update(database,
                   "UPDATE experiment_rows SET span_id = ?3 WHERE experiment = ?1 AND "
                   "span_id = ?2 AND failed = 1");
  update.bind(1, experiment).bind(2, failed_span).bind(3, span).step();
  CATALEJO_TRY(update.result());
  if (sqlite3_changes(database) == 0)
    return Error{Code::not_found, "the experiment has no such failed row", failed_span};
  return write_held(database, experiment, *held);
}

Result<std::optional<ExperimentRow>> read_failed(sqlite3* database, const std::string& experiment,
                                                 std::int64_t after) {
  Statement row(
      database,
      fmt::format("{} failed = 1 AND seq > ?2 ORDER BY seq LIMIT 1", kRowColumns).c_str());
  row.bind(1, experiment).bind(2, after);
  if (row.step()) return std::optional(read_experiment_row(row));
  CATALEJO_TRY(row.result());
  return std::optional<ExperimentRow>();
}

Result<ExperimentRows> read_rows(sqlite3* database, const std::string& experiment,
                                 std::int64_t after, std::size_t limit) {
  ExperimentRows page;
  Statement row(database, fmt::format("{} seq > ?2 ORDER BY seq LIMIT ?3", kRowColumns).c_str());
  row.bind(1, experiment).bind(2, after).bind(3, static_cast<std::int64_t>(limit) + 1);
  std::size_t bytes = 0;
  while (row.step()) {
    ExperimentRow one = read_experiment_row(row);
    bytes += bytes_of(one);
    const bool full = page.rows.size() == limit || bytes > limits::dataset_page_bytes_max;
    if (full && !page.rows.empty()) {
      page.next = page.rows.back().position;
      break;
    }
    page.rows.push_back(std::move(one));
  }
  CATALEJO_TRY(row.result());
  CATALEJO_TRY(add_scores(database, experiment, page));
  return page;
}

Result<ExperimentRows> read_row(sqlite3* database, const std::string& experiment,
                                const std::string& span_id) {
  ExperimentRows page;
  Statement row(database, fmt::format("{} span_id = ?2", kRowColumns).c_str());
  row.bind(1, experiment).bind(2, span_id);
  if (!row.step()) {
    CATALEJO_TRY(row.result());
    return Error{Code::not_found, "the experiment has no such row", span_id};
  }
  page.rows.push_back(read_experiment_row(row));
  CATALEJO_TRY(add_scores(database, experiment, page));
  return page;
}

Result<ExperimentSummary> read_summary(sqlite3* database, const std::string& experiment) {
  ExperimentSummary summary;
  Statement rows(database,
                 "SELECT count(*), sum(failed), avg(duration_ns) FROM experiment_rows "
                 "WHERE experiment = ?");
  rows.bind(1, experiment);
  if (rows.step()) {
    summary.rows = rows.number(0);
    summary.errors = rows.number(1);
    summary.duration_ns_mean = rows.number(2);
  }
  CATALEJO_TRY(rows.result());
  Statement label(database,
                  "SELECT label, max(CASE WHEN value != 'null' THEN type ELSE '' END), "
                  "sum(value != 'null'), sum(value = 'null' AND error != ''), avg(score), "
                  "sum(assessment = 'pass'), sum(assessment = 'fail'), count(score) "
                  "FROM experiment_scores WHERE experiment = ? AND span_id != '' "
                  "GROUP BY label ORDER BY label");
  label.bind(1, experiment);
  while (label.step()) {
    summary.labels.push_back(
        {.label = label.text(0),
         .type = label.text(1),
         .count = label.number(2),
         .failed = label.number(3),
         .mean = label.number(7) == 0 ? std::nullopt : std::optional(label.real(4)),
         .passed = label.number(5),
         .refused = label.number(6)});
  }
  CATALEJO_TRY(label.result());
  auto scores = read_scores(database, experiment, "");
  if (!scores) return scores.error();
  summary.scores = *std::move(scores);
  return summary;
}

}  // namespace catalejo::store
