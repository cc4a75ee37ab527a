#include "store/experiments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "base/limits.hpp"
#include "store/control/dataset_rows.hpp"
#include "store/control/experiment_rows.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

constexpr std::array<std::string_view, 4> kStatuses = {"running", "completed", "failed",
                                                       "interrupted"};

// Every value of ?7 is in their metadata; of an array, every one of its items.
constexpr const char* kHasMetadata =
    "NOT EXISTS (SELECT 1 FROM json_each(?7) want WHERE NOT EXISTS (SELECT 1 FROM "
    "json_each(e.metadata) has WHERE has.key = want.key AND (has.value IS want.value OR "
    "(want.type = 'array' AND has.type = 'array' AND NOT EXISTS (SELECT 1 FROM "
    "json_each(want.value) w WHERE NOT EXISTS (SELECT 1 FROM json_each(has.value) h "
    "WHERE h.value IS w.value))))))";

Error no_experiment(const std::string& id) {
  return Error{Code::not_found, "there is no such experiment", id};
}

Result<void> check(const Experiment& experiment) {
  CATALEJO_TRY(check_name(experiment.name));
  for (const auto& [where, text] : {std::pair{"description", &experiment.description},
                                    {"config", &experiment.config},
                                    {"metadata", &experiment.metadata},
                                    {"error", &experiment.error}})
    CATALEJO_TRY(check_length(where, *text, limits::experiment_text_bytes_max));
  for (const auto& [where, text] :
       {std::pair{"dataset_id", &experiment.dataset}, {"parent_experiment_id", &experiment.parent}})
    CATALEJO_TRY(check_length(where, *text, limits::short_name_bytes_max));
  if (experiment.dataset_version < 0) return bad("dataset_version", "must not be negative");
  if (experiment.runs < 1) return bad("run_count", "must be 1 or more");
  if (!experiment.status.empty() && !is_experiment_status(experiment.status))
    return bad("status", "must be running, completed, failed or interrupted");
  return {};
}

class SqliteExperiments : public Experiments {
 public:
  explicit SqliteExperiments(Database database) : database_(std::move(database)) {}

  Result<ExperimentsPage> list(const ExperimentsAsked& asked) override;
  Result<Experiment> create(Experiment experiment, bool unique) override;
  Result<Experiment> update(const std::string& id, const ExperimentUpdate& update) override;
  Result<std::vector<Experiment>> remove(const std::vector<std::string>& ids) override;
  Result<Experiment> restore(const std::string& id) override;
  Result<void> add(const std::string& id, const std::vector<ExperimentRow>& rows,
                   const std::vector<ExperimentScore>& scores) override;
  Result<void> collect(const std::string& id, const std::vector<ExperimentRow>& rows,
                       bool whole) override;
  Result<std::vector<Experiment>> uncollected() override;
  Result<ExperimentRows> rows(const std::string& id, std::int64_t after,
                              std::size_t limit) override;
  Result<ExperimentRows> row(const std::string& id, const std::string& span_id) override;
  Result<ExperimentSummary> summary(const std::string& id) override;

 private:
  // mutex_ is held by who calls these.
  Result<Experiment> find(const std::string& id);
  Result<std::optional<Experiment>> named(const std::string& project, const std::string& name);
  Result<void> check_room(const std::string& project);
  Result<Experiment> insert(const Experiment& experiment);
  Result<void> save(const Experiment& experiment);

  std::mutex mutex_;  // guards the database
  Database database_;
};

Result<Experiment> SqliteExperiments::find(const std::string& id) {
  Statement row(database_.get(),
                fmt::format("{} e.id = ? AND e.deleted_ns = 0", kExperimentColumns).c_str());
  row.bind(1, id);
  if (row.step()) return read_experiment(row);
  CATALEJO_TRY(row.result());
  return no_experiment(id);
}

Result<std::optional<Experiment>> SqliteExperiments::named(const std::string& project,
                                                           const std::string& name) {
  Statement row(database_.get(), fmt::format("{} e.project = ? AND e.name = ? AND e.deleted_ns = 0",
                                             kExperimentColumns)
                                     .c_str());
  row.bind(1, project).bind(2, name);
  if (row.step()) return std::optional(read_experiment(row));
  CATALEJO_TRY(row.result());
  return std::optional<Experiment>();
}

Result<ExperimentsPage> SqliteExperiments::list(const ExperimentsAsked& asked) {
  const std::lock_guard lock(mutex_);
  std::string parents = asked.parents.empty() ? "1" : "e.parent IN (?11";
  for (std::size_t i = 1; i < asked.parents.size(); ++i) parents += fmt::format(",?{}", 11 + i);
  if (!asked.parents.empty()) parents += ')';
  Statement row(
      database_.get(),
      fmt::format("{} (?1 = '' OR e.id = ?1) AND (?2 = '' OR e.project = ?2) AND (?3 = '' OR "
                  "e.dataset = ?3) AND (?4 = '' OR e.experiment = ?4) AND (?5 = '' OR e.name = ?5) "
                  "AND (e.deleted_ns != 0) = ?6 AND (?7 = '' OR {}) AND (?8 = 0 OR e.seq < ?8) "
                  "AND {} ORDER BY e.seq DESC LIMIT ?9",
                  kExperimentColumns, kHasMetadata, parents)
          .c_str());
  row.bind(1, asked.id).bind(2, asked.project).bind(3, asked.dataset).bind(4, asked.experiment);
  row.bind(5, asked.name).bind(6, std::int64_t{asked.deleted});
  row.bind(7, asked.metadata).bind(8, asked.after);
  row.bind(9, static_cast<std::int64_t>(asked.limit) + 1);
  for (std::size_t i = 0; i < asked.parents.size(); ++i)
    row.bind(static_cast<int>(11 + i), asked.parents[i]);
  ExperimentsPage page;
  std::int64_t last = 0;
  while (row.step()) {
    if (page.experiments.size() == asked.limit) {
      page.next = last;
      break;
    }
    last = row.number(0);
    page.experiments.push_back(read_experiment(row));
  }
  CATALEJO_TRY(row.result());
  return page;
}

Result<void> SqliteExperiments::check_room(const std::string& project) {
  Statement known(database_.get(),
                  "SELECT (SELECT count(*) FROM experiments WHERE deleted_ns = 0), "
                  "(SELECT count(*) FROM projects WHERE deleted_ns = 0 AND id = ?)");
  known.bind(1, project);
  if (known.step() && known.number(1) == 0)
    return Error{Code::not_found, "there is no such project", project};
  if (known.number(0) >= static_cast<std::int64_t>(limits::experiments_max))
    return bad("name",
               fmt::format("there are {} experiments; remove some", limits::experiments_max));
  return known.result();
}

Result<Experiment> SqliteExperiments::insert(const Experiment& experiment) {
  Statement put(database_.get(),
                "INSERT INTO experiments (id, project, dataset, dataset_version, experiment, name, "
                "description, config, metadata, runs, parent, created_ns, updated_ns) "
                "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?12)");
  put.bind(1, experiment.id).bind(2, experiment.project).bind(3, experiment.dataset);
  put.bind(4, experiment.dataset_version).bind(5, experiment.experiment).bind(6, experiment.name);
  put.bind(7, experiment.description).bind(8, experiment.config).bind(9, experiment.metadata);
  put.bind(10, experiment.runs).bind(11, experiment.parent).bind(12, now().value).step();
  CATALEJO_TRY(put.result());
  return find(experiment.id);
}

Result<Experiment> SqliteExperiments::create(Experiment experiment, bool unique) {
  CATALEJO_TRY(check(experiment));
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(check_room(experiment.project));
  experiment.experiment = experiment.name;
  for (std::size_t run = 2;; ++run) {
    auto same = named(experiment.project, experiment.name);
    if (!same) return same.error();
    if (*same && !unique) return **same;
    if (!*same) break;
    experiment.name = fmt::format("{}-{}", experiment.experiment, run);
  }
  experiment.id = random_hex(kIdBytes);
  return insert(experiment);
}

Result<void> SqliteExperiments::save(const Experiment& experiment) {
  Statement put(database_.get(),
                "UPDATE experiments SET name = ?, description = ?, dataset = ?, metadata = ?, "
                "status = ?, error = ?, updated_ns = ?, collected = 0 WHERE id = ?");
  put.bind(1, experiment.name).bind(2, experiment.description).bind(3, experiment.dataset);
  put.bind(4, experiment.metadata).bind(5, experiment.status).bind(6, experiment.error);
  put.bind(7, now().value).bind(8, experiment.id).step();
  return put.result();
}

Result<Experiment> SqliteExperiments::update(const std::string& id,
                                             const ExperimentUpdate& update) {
  const std::lock_guard lock(mutex_);
  auto found = find(id);
  if (!found) return found.error();
  Experiment changed = *found;
  for (const auto& [text, wanted] : {std::pair{&changed.name, &update.name},
                                     {&changed.description, &update.description},
                                     {&changed.dataset, &update.dataset},
                                     {&changed.metadata, &update.metadata},
                                     {&changed.status, &update.status},
                                     {&changed.error, &update.error}})
    if (*wanted) *text = **wanted;
  CATALEJO_TRY(check(changed));
  auto same = named(changed.project, changed.name);
  if (!same) return same.error();
  if (*same && (*same)->id != id)
    return bad("name", "another experiment of the project has this name");
  CATALEJO_TRY(save(changed));
  return find(id);
}

Result<std::vector<Experiment>> SqliteExperiments::remove(const std::vector<std::string>& ids) {
  const std::lock_guard lock(mutex_);
  std::vector<Experiment> removed;
  const auto remove_all = [&]() -> Result<void> {
    for (const std::string& id : ids) {
      auto found = find(id);
      if (!found) return found.error();
      found->deleted = now();
      Statement update(database_.get(), "UPDATE experiments SET deleted_ns = ? WHERE id = ?");
      update.bind(1, found->deleted.value).bind(2, id).step();
      CATALEJO_TRY(update.result());
      removed.push_back(*std::move(found));
    }
    return {};
  };
  CATALEJO_TRY(transact(database_.get(), remove_all));
  return removed;
}

Result<Experiment> SqliteExperiments::restore(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Statement update(database_.get(), "UPDATE experiments SET deleted_ns = 0 WHERE id = ?");
  update.bind(1, id).step();
  if (!update.result()) return bad("name", "another experiment of the project has its name by now");
  auto restored = find(id);
  if (restored) CATALEJO_TRY(restore_project(database_.get(), restored->project));
  return restored;
}

Result<void> SqliteExperiments::add(const std::string& id, const std::vector<ExperimentRow>& rows,
                                    const std::vector<ExperimentScore>& scores) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  return transact(database_.get(), [&]() -> Result<void> {
    CATALEJO_TRY(write_rows(database_.get(), id, rows));
    CATALEJO_TRY(write_scores(database_.get(), id, scores));
    Statement update(database_.get(),
                     "UPDATE experiments SET updated_ns = ?, collected = 0 WHERE id = ?");
    update.bind(1, now().value).bind(2, id).step();
    return update.result();
  });
}

Result<void> SqliteExperiments::collect(const std::string& id,
                                        const std::vector<ExperimentRow>& rows, bool whole) {
  const std::lock_guard lock(mutex_);
  return transact(database_.get(), [&]() -> Result<void> {
    CATALEJO_TRY(write_rows(database_.get(), id, rows));
    Statement update(database_.get(), "UPDATE experiments SET collected = ? WHERE id = ?");
    update.bind(1, std::int64_t{whole}).bind(2, id).step();
    return update.result();
  });
}

Result<std::vector<Experiment>> SqliteExperiments::uncollected() {
  const std::lock_guard lock(mutex_);
  Statement row(
      database_.get(),
      fmt::format("{} e.collected = 0 AND e.deleted_ns = 0 ORDER BY e.seq", kExperimentColumns)
          .c_str());
  std::vector<Experiment> found;
  while (row.step()) found.push_back(read_experiment(row));
  CATALEJO_TRY(row.result());
  return found;
}

Result<ExperimentRows> SqliteExperiments::rows(const std::string& id, std::int64_t after,
                                               std::size_t limit) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  return read_rows(database_.get(), id, after, limit);
}

Result<ExperimentRows> SqliteExperiments::row(const std::string& id, const std::string& span_id) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  return read_row(database_.get(), id, span_id);
}

Result<ExperimentSummary> SqliteExperiments::summary(const std::string& id) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  return read_summary(database_.get(), id);
}

}  // namespace

bool is_experiment_status(std::string_view status) {
  return std::ranges::find(kStatuses, status) != kStatuses.end();
}

Result<std::unique_ptr<Experiments>> Experiments::open(const std::string& path) {
  auto database = open_database(path, datasets_schema());
  if (!database) return database.error();
  return std::unique_ptr<Experiments>(std::make_unique<SqliteExperiments>(std::move(*database)));
}

}  // namespace catalejo::store
