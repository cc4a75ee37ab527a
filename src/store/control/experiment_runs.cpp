#include "store/experiment_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "base/limits.hpp"
#include "store/control/experiment_rows.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

constexpr const char* kColumns =
    "SELECT r.experiment, e.name, r.settings, r.state, r.kind, r.words, r.total, r.done, r.failed, "
    "r.after, r.spent, r.author, r.created_ns, r.updated_ns, r.again_after, r.again_after IS NULL "
    "FROM experiment_runs r "
    "JOIN experiments e ON e.id = r.experiment WHERE e.deleted_ns = 0";

ExperimentRun read_run(const Statement& row) {
  return {.experiment = row.text(0),
          .name = row.text(1),
          .settings = row.text(2),
          .state = row.text(3),
          .kind = row.text(4),
          .words = row.text(5),
          .total = row.number(6),
          .done = row.number(7),
          .failed = row.number(8),
          .after = row.number(9),
          .again_after = row.number(15) != 0 ? std::nullopt : std::optional(row.number(14)),
          .spent = row.text(10),
          .author = row.text(11),
          .created = {row.number(12)},
          .updated = {row.number(13)}};
}

// The word that clients know for it.
std::string_view status_of(std::string_view state) {
  return state == "running" || state == "completed" ? state : "interrupted";
}

class SqliteExperimentRuns : public ExperimentRuns {
 public:
  explicit SqliteExperimentRuns(Database database) : database_(std::move(database)) {}

  Result<std::vector<ExperimentRun>> list(std::size_t limit) override {
    return read(fmt::format("{} ORDER BY e.seq DESC LIMIT {}", kColumns, limit));
  }
  Result<std::vector<ExperimentRun>> running() override {
    return read(fmt::format("{} AND r.state = 'running' ORDER BY e.seq", kColumns));
  }
  Result<ExperimentRun> get(const std::string& experiment) override {
    const std::lock_guard lock(mutex_);
    return find(experiment);
  }
  Result<ExperimentRun> create(const ExperimentRun& run) override;
  Result<ExperimentRun> move(const std::string& experiment, const std::vector<std::string>& from,
                             const std::string& to, const std::string& kind,
                             const std::string& words) override;
  Result<ExperimentRun> ask_again(const std::string& experiment) override;
  Result<std::optional<ExperimentRow>> next_failed(const std::string& experiment) override;
  Result<void> advance(const std::string& experiment, const RunStep& step) override;

 private:
  Result<std::vector<ExperimentRun>> read(const std::string& sql);
  // mutex_ is held by who calls these.
  Result<ExperimentRun> find(const std::string& experiment);
  Result<void> check_room();
  // Of the experiment itself, as everybody who reads experiments sees it.
  Result<void> set_status(const std::string& experiment, const std::string& state,
                          const std::string& words);

  std::mutex mutex_;  // guards the database
  Database database_;
};

Result<std::vector<ExperimentRun>> SqliteExperimentRuns::read(const std::string& sql) {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(), sql.c_str());
  std::vector<ExperimentRun> found;
  while (row.step()) found.push_back(read_run(row));
  CATALEJO_TRY(row.result());
  return found;
}

Result<ExperimentRun> SqliteExperimentRuns::find(const std::string& experiment) {
  Statement row(database_.get(), fmt::format("{} AND r.experiment = ?", kColumns).c_str());
  row.bind(1, experiment);
  if (row.step()) return read_run(row);
  CATALEJO_TRY(row.result());
  return Error{Code::not_found, "this server runs no such experiment", experiment};
}

Result<void> SqliteExperimentRuns::check_room() {
  Statement open(database_.get(), "SELECT count(*) FROM experiment_runs WHERE state = 'running'");
  open.step();
  CATALEJO_TRY(open.result());
  if (open.number(0) < static_cast<std::int64_t>(limits::experiment_runs_open_max)) return {};
  return Error{Code::busy,
               fmt::format("{} experiments are running; wait for one of them, or cancel it",
                           limits::experiment_runs_open_max),
               "experiment_runs"};
}

Result<void> SqliteExperimentRuns::set_status(const std::string& experiment,
                                              const std::string& state, const std::string& words) {
  Statement update(database_.get(),
                   "UPDATE experiments SET status = ?, error = ?, updated_ns = ?, collected = 0 "
                   "WHERE id = ?");
  update.bind(1, status_of(state)).bind(2, words).bind(3, now().value).bind(4, experiment).step();
  return update.result();
}

Result<ExperimentRun> SqliteExperimentRuns::create(const ExperimentRun& run) {
  const std::lock_guard lock(mutex_);
  const auto insert = [&]() -> Result<void> {
    CATALEJO_TRY(check_room());
    Statement put(database_.get(),
                  "INSERT INTO experiment_runs (experiment, settings, state, total, author, "
                  "created_ns, updated_ns) SELECT id, ?2, 'running', ?3, ?4, ?5, ?5 "
                  "FROM experiments WHERE id = ?1 AND deleted_ns = 0");
    put.bind(1, run.experiment).bind(2, run.settings).bind(3, run.total).bind(4, run.author);
    put.bind(5, now().value).step();
    CATALEJO_TRY(put.result());
    return set_status(run.experiment, "running", "");
  };
  CATALEJO_TRY(transact(database_.get(), insert));
  return find(run.experiment);
}

Result<ExperimentRun> SqliteExperimentRuns::move(const std::string& experiment,
                                                 const std::vector<std::string>& from,
                                                 const std::string& to, const std::string& kind,
                                                 const std::string& words) {
  const std::lock_guard lock(mutex_);
  const auto change = [&]() -> Result<void> {
    auto run = find(experiment);
    if (!run) return run.error();
    if (std::ranges::find(from, run->state) == from.end())
      return bad("state", fmt::format("this run is {}", run->state));
    if (to == "running" && run->state != "running") CATALEJO_TRY(check_room());
    Statement update(database_.get(),
                     "UPDATE experiment_runs SET state = ?, kind = ?, words = ?, updated_ns = ? "
                     "WHERE experiment = ?");
    update.bind(1, to).bind(2, kind).bind(3, words).bind(4, now().value).bind(5, experiment);
    update.step();
    CATALEJO_TRY(update.result());
    return run->state == to ? Result<void>() : set_status(experiment, to, words);
  };
  CATALEJO_TRY(transact(database_.get(), change));
  return find(experiment);
}

Result<ExperimentRun> SqliteExperimentRuns::ask_again(const std::string& experiment) {
  const std::lock_guard lock(mutex_);
  const auto change = [&]() -> Result<void> {
    auto run = find(experiment);
    if (!run) return run.error();
    if (run->state == "running") return bad("state", "this run is running");
    if (run->failed == 0) return bad("failed", "no row of this run failed");
    CATALEJO_TRY(check_room());
    Statement update(database_.get(),
                     "UPDATE experiment_runs SET state = 'running', kind = '', words = '', "
                     "again_after = 0, updated_ns = ? WHERE experiment = ?");
    update.bind(1, now().value).bind(2, experiment).step();
    CATALEJO_TRY(update.result());
    return set_status(experiment, "running", "");
  };
  CATALEJO_TRY(transact(database_.get(), change));
  return find(experiment);
}

Result<std::optional<ExperimentRow>> SqliteExperimentRuns::next_failed(
    const std::string& experiment) {
  const std::lock_guard lock(mutex_);
  auto run = find(experiment);
  if (!run) return run.error();
  if (!run->again_after) return std::optional<ExperimentRow>();
  auto row = read_failed(database_.get(), experiment, *run->again_after);
  if (!row || *row) return row;
  Statement update(database_.get(),
                   "UPDATE experiment_runs SET again_after = NULL WHERE experiment = ?");
  update.bind(1, experiment).step();
  CATALEJO_TRY(update.result());
  return row;
}

Result<void> SqliteExperimentRuns::advance(const std::string& experiment, const RunStep& step) {
  const std::lock_guard lock(mutex_);
  return transact(database_.get(), [&]() -> Result<void> {
    const auto& old = step.instead_of;
    if (old) CATALEJO_TRY(give_place(database_.get(), experiment, old->span_id, step.row.span_id));
    CATALEJO_TRY(write_rows(database_.get(), experiment, {step.row}));
    CATALEJO_TRY(write_scores(database_.get(), experiment, step.scores));
    Statement update(
        database_.get(),
        "UPDATE experiment_runs SET done = done + ?6, failed = failed + ?1, after = ?2, "
        "spent = ?3, again_after = coalesce(?7, again_after), kind = CASE state WHEN 'running' "
        "THEN '' ELSE kind END, words = "
        "CASE state WHEN 'running' THEN '' ELSE words END, updated_ns = ?4 "
        "WHERE experiment = ?5");
    update.bind(1, std::int64_t{step.row.failed} - (old ? 1 : 0)).bind(2, step.after);
    update.bind(3, step.spent).bind(4, now().value).bind(5, experiment);
    update.bind(6, std::int64_t{old ? 0 : 1});
    if (old) update.bind(7, old->position);
    update.step();
    return update.result();
  });
}

}  // namespace

Result<std::unique_ptr<ExperimentRuns>> ExperimentRuns::open(const std::string& path) {
  auto database = open_database(path, datasets_schema());
  if (!database) return database.error();
  return std::unique_ptr<ExperimentRuns>(
      std::make_unique<SqliteExperimentRuns>(std::move(*database)));
}

}  // namespace catalejo::store
