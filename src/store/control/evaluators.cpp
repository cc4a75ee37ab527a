#include "store/evaluators.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <mutex>

#include "base/limits.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

constexpr std::int64_t kRunsShown = 100;
constexpr std::int64_t kRunsWaitingMax = 64;
constexpr double kMillion = 1e6;

Result<void> check(const EvaluatorSettings& settings) {
  if (!(settings.sampling >= 0 && settings.sampling <= 1))
    return bad("sampling", "must be between 0 and 1");
  if (settings.threshold && !(*settings.threshold >= -kMillion && *settings.threshold <= kMillion))
    return bad("threshold", "must be a number between -1000000 and 1000000");
  CATALEJO_TRY(check_length("options", settings.options, limits::evaluator_options_bytes_max));
  return check_length("query", settings.query, limits::filter_text_bytes_max);
}

std::string threshold_text(const std::optional<double>& threshold) {
  return threshold ? fmt::format("{}", *threshold) : std::string();
}

std::optional<double> threshold_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{}) return std::nullopt;
  return value;
}

constexpr std::string_view kRunColumns =
    "id, evaluator, version, from_ns, to_ns, state, spans, seen, judged, failed, at_ns, at_trace, "
    "at_span, author, problem, created_ns, updated_ns";

EvaluatorRun run_of(const Statement& row) {
  EvaluatorRun run{.id = row.number(0),
                   .evaluator = row.text(1),
                   .version = row.number(2),
                   .from = {row.number(3)},
                   .to = {row.number(4)},
                   .state = static_cast<RunState>(row.number(5)),
                   .spans = row.number(6),
                   .seen = row.number(7),
                   .judged = row.number(8),
                   .failed = row.number(9),
                   .at = {row.number(10)},
                   .at_trace = parse_trace_id(row.text(11)).value_or(TraceId{}),
                   .at_span = {static_cast<std::uint64_t>(row.number(12))},
                   .author = row.text(13),
                   .problem = row.text(14),
                   .created = {row.number(15)},
                   .updated = {row.number(16)}};
  return run;
}

class SqliteEvaluators final : public Evaluators {
 public:
  explicit SqliteEvaluators(Database database) : database_(std::move(database)) {}

  Result<std::vector<EvaluatorSettings>> settings() override {
    return read("WHERE seq IN (SELECT max(seq) FROM evaluator_settings GROUP BY evaluator)", {});
  }
  Result<std::vector<EvaluatorSettings>> history(const std::string& evaluator) override {
    return read("WHERE evaluator = ? ORDER BY seq DESC LIMIT 100", evaluator);
  }
  Result<void> put(EvaluatorSettings settings) override;
  Result<std::int64_t> add_run(EvaluatorRun run) override;
  Result<std::vector<EvaluatorRun>> runs() override;
  Result<std::optional<EvaluatorRun>> next_run() override;
  Result<bool> save_run(const EvaluatorRun& run) override;
  Result<void> cancel_run(std::int64_t id) override;

 private:
  Result<std::vector<EvaluatorSettings>> read(const std::string& which, const std::string& bound);

  std::mutex mutex_;  // guards the database
  Database database_;
};

Result<std::vector<EvaluatorSettings>> SqliteEvaluators::read(const std::string& which,
                                                              const std::string& bound) {
  const std::lock_guard lock(mutex_);
  const std::string sql =
      "SELECT evaluator, enabled, threshold, sampling_ppm, query, options, keep_passes, author, "
      "created_ns "
      "FROM evaluator_settings " +
      which;
  Statement row(database_.get(), sql.c_str());
  if (!bound.empty()) row.bind(1, bound);
  std::vector<EvaluatorSettings> all;
  while (row.step()) {
    all.push_back({.evaluator = row.text(0),
                   .enabled = row.number(1) != 0,
                   .threshold = threshold_of(row.text(2)),
                   .sampling = static_cast<double>(row.number(3)) / kMillion,
                   .query = row.text(4),
                   .options = row.text(5),
                   .keep_passes = row.number(6) != 0,
                   .author = row.text(7),
                   .changed = {row.number(8)}});
  }
  CATALEJO_TRY(row.result());
  return all;
}

Result<void> SqliteEvaluators::put(EvaluatorSettings settings) {
  CATALEJO_TRY(check(settings));
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "INSERT INTO evaluator_settings (evaluator, enabled, threshold, sampling_ppm, "
                "query, options, keep_passes, author, created_ns) VALUES (?,?,?,?,?,?,?,?,?)");
  row.bind(1, settings.evaluator).bind(2, std::int64_t{settings.enabled});
  row.bind(3, threshold_text(settings.threshold));
  row.bind(4, std::int64_t{std::llround(settings.sampling * kMillion)});
  row.bind(5, settings.query).bind(6, settings.options);
  row.bind(7, std::int64_t{settings.keep_passes}).bind(8, settings.author);
  row.bind(9, now().value).step();
  return row.result();
}

Result<std::int64_t> SqliteEvaluators::add_run(EvaluatorRun run) {
  if (run.from > run.to) return bad("from", "is after to");
  const std::lock_guard lock(mutex_);
  Statement waiting(database_.get(), "SELECT count(*) FROM evaluator_runs WHERE state < 2");
  if (waiting.step() && waiting.number(0) >= kRunsWaitingMax)
    return Error{Code::busy, fmt::format("{} runs are waiting already", kRunsWaitingMax), "runs"};
  Statement row(database_.get(),
                "INSERT INTO evaluator_runs (evaluator, version, from_ns, to_ns, at_ns, author, "
                "created_ns, updated_ns) VALUES (?,?,?,?,?,?,?,?) RETURNING id");
  const std::int64_t created = now().value;
  row.bind(1, run.evaluator).bind(2, run.version).bind(3, run.from.value).bind(4, run.to.value);
  row.bind(5, run.from.value).bind(6, run.author).bind(7, created).bind(8, created);
  const std::int64_t id = row.step() ? row.number(0) : 0;
  row.step();
  CATALEJO_TRY(row.result());
  return id;
}

Result<std::vector<EvaluatorRun>> SqliteEvaluators::runs() {
  const std::lock_guard lock(mutex_);
  const std::string sql = fmt::format("SELECT {} FROM evaluator_runs ORDER BY id DESC LIMIT {}",
                                      kRunColumns, kRunsShown);
  Statement row(database_.get(), sql.c_str());
  std::vector<EvaluatorRun> all;
  while (row.step()) all.push_back(run_of(row));
  CATALEJO_TRY(row.result());
  return all;
}

Result<std::optional<EvaluatorRun>> SqliteEvaluators::next_run() {
  const std::lock_guard lock(mutex_);
  const std::string sql = fmt::format(
      "SELECT {} FROM evaluator_runs WHERE state < 2 ORDER BY state DESC, id LIMIT 1", kRunColumns);
  Statement row(database_.get(), sql.c_str());
  std::optional<EvaluatorRun> next;
  if (row.step()) next = run_of(row);
  CATALEJO_TRY(row.result());
  return next;
}

Result<bool> SqliteEvaluators::save_run(const EvaluatorRun& run) {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "UPDATE evaluator_runs SET state = ?, spans = ?, seen = ?, judged = ?, failed = ?, "
                "at_ns = ?, at_trace = ?, at_span = ?, problem = ?, updated_ns = ? "
                "WHERE id = ? AND state < 2");
  row.bind(1, static_cast<std::int64_t>(run.state)).bind(2, run.spans).bind(3, run.seen);
  row.bind(4, run.judged).bind(5, run.failed).bind(6, run.at.value);
  row.bind(7, to_hex(run.at_trace)).bind(8, static_cast<std::int64_t>(run.at_span.value));
  row.bind(9, run.problem).bind(10, now().value).bind(11, run.id).step();
  CATALEJO_TRY(row.result());
  return sqlite3_changes(database_.get()) > 0;
}

Result<void> SqliteEvaluators::cancel_run(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "UPDATE evaluator_runs SET state = 3, updated_ns = ? WHERE id = ? AND state < 2");
  row.bind(1, now().value).bind(2, id).step();
  CATALEJO_TRY(row.result());
  if (sqlite3_changes(database_.get()) == 0)
    return Error{Code::not_found, "no such run is waiting or running", fmt::format("{}", id)};
  return {};
}

}  // namespace

Result<std::unique_ptr<Evaluators>> Evaluators::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  return std::unique_ptr<Evaluators>(std::make_unique<SqliteEvaluators>(std::move(*database)));
}

}  // namespace catalejo::store
