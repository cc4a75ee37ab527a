// A record is rows: each holds for the versions from `from_version` up to, but not with,
// `to_version`. A change closes rows and adds rows, so a version costs what changed in it, and two
// versions differ by the rows that began or ended between them.
#include "store/datasets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "base/hash.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "store/control/dataset_copies.hpp"
#include "store/control/dataset_locks.hpp"
#include "store/control/dataset_rows.hpp"
#include "store/control/experiment_runs_schema.hpp"
#include "store/control/experiments_schema.hpp"
#include "store/control/prompts_schema.hpp"
#include "store/control/sqlite.hpp"
#include "store/experiment_runs.hpp"
#include "store/experimentation.hpp"
#include "store/experiments.hpp"
#include "store/prompts.hpp"

namespace catalejo::store {
namespace {

constexpr const char* kSchema[] = {
    "CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " description TEXT NOT NULL, created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL) STRICT;"
    "CREATE TABLE datasets (id TEXT PRIMARY KEY, project TEXT NOT NULL REFERENCES projects,"
    " name TEXT NOT NULL, description TEXT NOT NULL, metadata TEXT NOT NULL,"
    " version INTEGER NOT NULL, records INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    " created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL,"
    " deleted_ns INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE UNIQUE INDEX dataset_names ON datasets (project, name) WHERE deleted_ns = 0;"
    "CREATE TABLE versions (dataset TEXT NOT NULL REFERENCES datasets ON DELETE CASCADE,"
    " version INTEGER NOT NULL, records INTEGER NOT NULL, inserted INTEGER NOT NULL,"
    " updated INTEGER NOT NULL, removed INTEGER NOT NULL, author TEXT NOT NULL,"
    " note TEXT NOT NULL, created_ns INTEGER NOT NULL, PRIMARY KEY (dataset, version)) STRICT;"
    // `position` orders the records and stays with a record; to_version 2^63-1 is "still".
    "CREATE TABLE records (seq INTEGER PRIMARY KEY, dataset TEXT NOT NULL"
    " REFERENCES datasets ON DELETE CASCADE, id TEXT NOT NULL, position INTEGER NOT NULL,"
    " from_version INTEGER NOT NULL, to_version INTEGER NOT NULL, canonical_id TEXT NOT NULL,"
    " input TEXT NOT NULL, expected_output TEXT NOT NULL, metadata TEXT NOT NULL,"
    " tags TEXT NOT NULL, source TEXT NOT NULL, created_ns INTEGER NOT NULL,"
    " updated_ns INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX record_now ON records (dataset, id, to_version);"
    "CREATE INDEX record_order ON records (dataset, position);"
    "CREATE INDEX record_content ON records (dataset, canonical_id, to_version)",
    kLocksSchema,
    kExperimentsSchema,
    kPromptsSchema,
    kExperimentRunsSchema,
    "ALTER TABLE projects ADD COLUMN deleted_ns INTEGER NOT NULL DEFAULT 0",
    kAskAgainSchema,
};

Error no_dataset(const std::string& id) {
  return Error{Code::not_found, "there is no such dataset", id};
}

Result<void> check_texts(const std::string& name, const std::string& description,
                         const std::string& metadata) {
  CATALEJO_TRY(check_name(name));
  CATALEJO_TRY(check_length("description", description, limits::comment_bytes_max));
  return check_length("description", metadata, limits::comment_bytes_max);
}

class SqliteDatasets : public Datasets {
 public:
  SqliteDatasets(Database database, std::unique_ptr<Experiments> experiments,
                 std::unique_ptr<ExperimentRuns> runs,
                 std::unique_ptr<Experimentation> experimentation, std::unique_ptr<Prompts> prompts)
      : database_(std::move(database)),
        experiments_(std::move(experiments)),
        runs_(std::move(runs)),
        experimentation_(std::move(experimentation)),
        prompts_(std::move(prompts)) {}

  Result<std::vector<Project>> projects() override;
  Result<Project> project(const std::string& name, const std::string& description) override;
  Result<Project> update_project(const std::string& id, const std::optional<std::string>& name,
                                 const std::optional<std::string>& description) override;
  Result<std::vector<Project>> remove_projects(const std::vector<std::string>& ids) override;
  Result<std::vector<Dataset>> list(const std::string& project) override;
  Result<Dataset> get(const std::string& id) override;
  Result<Dataset> create(const std::string& project, const std::string& name,
                         const std::string& description, const std::string& metadata) override;
  Result<void> rename(const std::string& id, const std::string& name,
                      const std::string& description) override;
  Result<void> remove(const std::string& id) override;
  Result<Dataset> restore(const std::string& id) override;
  Result<Dataset> clone(const std::string& id, const std::string& name,
                        const std::string& description, const std::string& author) override;
  Result<std::optional<DatasetLock>> lock_of(const std::string& id) override;
  Result<DatasetLock> lock(const std::string& id, const std::string& by) override;
  Result<void> unlock(const std::string& id, const std::string& by) override;
  Result<Changed> change(const std::string& id, DatasetChange change) override;
  Result<Changed> restore_version(const std::string& id, std::int64_t version,
                                  const std::string& author, const std::string& by) override;
  Result<std::vector<DatasetVersion>> versions(const std::string& id) override;
  Result<RecordPage> records(const std::string& id, std::int64_t version, std::int64_t after,
                             std::size_t limit) override;
  Result<DatasetRecord> record(const std::string& id, std::int64_t version,
                               const std::string& record) override;
  Result<RecordDiff> diff(const std::string& id, std::int64_t from, std::int64_t to) override;
  Experiments& experiments() override { return *experiments_; }
  ExperimentRuns& experiment_runs() override { return *runs_; }
  Experimentation& experimentation() override { return *experimentation_; }
  Prompts& prompts() override { return *prompts_; }

 private:
  // mutex_ is held for all of these.
  Result<Dataset> find(const std::string& id);
  Result<std::optional<Dataset>> find_named(const std::string& project, const std::string& name);
  Result<Dataset> make(const std::string& project, const std::string& name,
                       const std::string& description, const std::string& metadata);
  Result<std::vector<Project>> read_projects();
  Result<Project> find_project(const std::string& id);

  std::mutex mutex_;  // guards the database
  Database database_;
  std::unique_ptr<Experiments> experiments_;
  std::unique_ptr<ExperimentRuns> runs_;
  std::unique_ptr<Experimentation> experimentation_;
  std::unique_ptr<Prompts> prompts_;
};

Result<std::vector<Project>> SqliteDatasets::projects() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                fmt::format("{} deleted_ns = 0 ORDER BY name", kProjectColumns).c_str());
  std::vector<Project> found;
  while (row.step()) found.push_back(read_project(row));
  CATALEJO_TRY(row.result());
  return found;
}

Result<Project> SqliteDatasets::find_project(const std::string& id) {
  Statement row(database_.get(),
                fmt::format("{} deleted_ns = 0 AND id = ?", kProjectColumns).c_str());
  row.bind(1, id);
  if (row.step()) return read_project(row);
  CATALEJO_TRY(row.result());
  return Error{Code::not_found, "there is no such project", id};
}

Result<Project> SqliteDatasets::project(const std::string& name, const std::string& description) {
  CATALEJO_TRY(check_texts(name, description, ""));
  const std::lock_guard lock(mutex_);
  Statement put(database_.get(),
                "INSERT INTO projects (id, name, description, created_ns, updated_ns) VALUES "
                "(?1,?2,?3,?4,?4) ON CONFLICT (name) DO UPDATE SET deleted_ns = 0, description = "
                "iif(deleted_ns = 0, description, ?3) RETURNING id");
  put.bind(1, random_hex(kIdBytes)).bind(2, name).bind(3, description).bind(4, now().value);
  const std::string id = put.step() ? put.text(0) : "";
  CATALEJO_TRY(put.result());
  while (put.step()) continue;  // to its end, which is when it is kept
  CATALEJO_TRY(put.result());
  return find_project(id);
}

Result<Project> SqliteDatasets::update_project(const std::string& id,
                                               const std::optional<std::string>& name,
                                               const std::optional<std::string>& description) {
  const std::lock_guard lock(mutex_);
  auto old = find_project(id);
  if (!old) return old.error();
  const std::string new_name = name.value_or(old->name);
  const std::string new_description = description.value_or(old->description);
  CATALEJO_TRY(check_texts(new_name, new_description, ""));
  Statement update(database_.get(),
                   "UPDATE projects SET name = ?, description = ?, updated_ns = ? WHERE id = ?");
  update.bind(1, new_name).bind(2, new_description).bind(3, now().value).bind(4, id).step();
  if (!update.result()) return bad("name", "another project has this name, or had it");
  return find_project(id);
}

Result<std::vector<Project>> SqliteDatasets::remove_projects(const std::vector<std::string>& ids) {
  const std::lock_guard lock(mutex_);
  std::vector<Project> removed;
  const auto remove_all = [&]() -> Result<void> {
    for (const std::string& id : ids) {
      auto found = find_project(id);
      if (!found) return found.error();
      for (const char* sql : {"UPDATE projects SET deleted_ns = ?1 WHERE id = ?2",
                              "UPDATE datasets SET deleted_ns = ?1 WHERE project = ?2 AND "
                              "deleted_ns = 0",
                              "UPDATE experiments SET deleted_ns = ?1 WHERE project = ?2 AND "
                              "deleted_ns = 0"}) {
        Statement update(database_.get(), sql);
        update.bind(1, now().value).bind(2, id).step();
        CATALEJO_TRY(update.result());
      }
      removed.push_back(*std::move(found));
    }
    return {};
  };
  CATALEJO_TRY(transact(database_.get(), remove_all));
  return removed;
}

Result<std::vector<Dataset>> SqliteDatasets::list(const std::string& project) {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                fmt::format("{} deleted_ns = 0 AND (?1 = '' OR project = ?1) ORDER BY name, id",
                            kDatasetColumns)
                    .c_str());
  row.bind(1, project);
  std::vector<Dataset> found;
  while (row.step()) found.push_back(read_dataset(row));
  CATALEJO_TRY(row.result());
  return found;
}

Result<Dataset> SqliteDatasets::find(const std::string& id) {
  Statement row(database_.get(),
                fmt::format("{} deleted_ns = 0 AND id = ?", kDatasetColumns).c_str());
  row.bind(1, id);
  if (row.step()) return read_dataset(row);
  CATALEJO_TRY(row.result());
  return no_dataset(id);
}

Result<Dataset> SqliteDatasets::get(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return find(id);
}

Result<std::optional<Dataset>> SqliteDatasets::find_named(const std::string& project,
                                                          const std::string& name) {
  Statement same(
      database_.get(),
      fmt::format("{} deleted_ns = 0 AND project = ? AND name = ?", kDatasetColumns).c_str());
  same.bind(1, project).bind(2, name);
  if (same.step()) return std::optional<Dataset>(read_dataset(same));
  CATALEJO_TRY(same.result());
  return std::optional<Dataset>();
}

Result<Dataset> SqliteDatasets::make(const std::string& project, const std::string& name,
                                     const std::string& description, const std::string& metadata) {
  Statement known(database_.get(),
                  "SELECT (SELECT count(*) FROM datasets), (SELECT count(*) FROM projects WHERE "
                  "deleted_ns = 0 AND id = ?)");
  known.bind(1, project);
  if (known.step() && known.number(1) == 0)
    return Error{Code::not_found, "there is no such project", project};
  if (known.number(0) >= static_cast<std::int64_t>(limits::datasets_max))
    return bad("name", fmt::format("there are {} datasets; remove some", limits::datasets_max));
  const std::string id = random_hex(kIdBytes);
  Statement insert(database_.get(),
                   "INSERT INTO datasets (id, project, name, description, metadata, version, "
                   "records, bytes, created_ns, updated_ns) VALUES (?1,?2,?3,?4,?5,0,0,0,?6,?6)");
  insert.bind(1, id).bind(2, project).bind(3, name).bind(4, description).bind(5, metadata);
  insert.bind(6, now().value).step();
  CATALEJO_TRY(insert.result());
  return find(id);
}

Result<Dataset> SqliteDatasets::create(const std::string& project, const std::string& name,
                                       const std::string& description,
                                       const std::string& metadata) {
  CATALEJO_TRY(check_texts(name, description, metadata));
  const std::lock_guard lock(mutex_);
  auto same = find_named(project, name);
  if (!same) return same.error();
  if (*same) return **same;
  return make(project, name, description, metadata);
}

Result<Dataset> SqliteDatasets::clone(const std::string& id, const std::string& name,
                                      const std::string& description, const std::string& author) {
  CATALEJO_TRY(check_texts(name, description, ""));
  const std::lock_guard lock(mutex_);
  auto source = find(id);
  if (!source) return source.error();
  auto same = find_named(source->project, name);
  if (!same) return same.error();
  if (*same) return bad("name", "another dataset of the project has this name");
  std::string copy;
  const auto change = [&]() -> Result<void> {
    auto made = make(source->project, name, description, source->metadata);
    if (!made) return made.error();
    copy = made->id;
    return copy_records(database_.get(), *source, *made, author);
  };
  CATALEJO_TRY(transact(database_.get(), change));
  return find(copy);
}

Result<std::optional<DatasetLock>> SqliteDatasets::lock_of(const std::string& id) {
  const std::lock_guard guard(mutex_);
  CATALEJO_TRY(find(id));
  return read_lock(database_.get(), id);
}

Result<DatasetLock> SqliteDatasets::lock(const std::string& id, const std::string& by) {
  const std::lock_guard guard(mutex_);
  CATALEJO_TRY(find(id));
  return take_lock(database_.get(), id, by);
}

Result<void> SqliteDatasets::unlock(const std::string& id, const std::string& by) {
  const std::lock_guard guard(mutex_);
  CATALEJO_TRY(find(id));
  return release_lock(database_.get(), id, by);
}

Result<void> SqliteDatasets::rename(const std::string& id, const std::string& name,
                                    const std::string& description) {
  CATALEJO_TRY(check_name(name));
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  Statement update(database_.get(),
                   "UPDATE datasets SET name = ?, description = ?, updated_ns = ? WHERE id = ?");
  update.bind(1, name).bind(2, description).bind(3, now().value).bind(4, id).step();
  if (!update.result()) return bad("name", "another dataset of the project has this name");
  return {};
}

Result<void> SqliteDatasets::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Statement update(database_.get(),
                   "UPDATE datasets SET deleted_ns = ? WHERE id = ? AND deleted_ns = 0");
  update.bind(1, now().value).bind(2, id).step();
  CATALEJO_TRY(update.result());
  if (sqlite3_changes(database_.get()) == 0) return no_dataset(id);
  return {};
}

Result<Dataset> SqliteDatasets::restore(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Statement update(database_.get(), "UPDATE datasets SET deleted_ns = 0 WHERE id = ?");
  update.bind(1, id).step();
  if (!update.result()) return bad("name", "another dataset of the project has its name by now");
  auto restored = find(id);
  if (restored) CATALEJO_TRY(restore_project(database_.get(), restored->project));
  return restored;
}

Result<Changed> SqliteDatasets::change(const std::string& id, DatasetChange change) {
  const std::lock_guard lock(mutex_);
  auto dataset = find(id);
  if (!dataset) return dataset.error();
  const std::string by = change.by;
  DatasetWriter writer(database_.get(), *dataset, std::move(change));
  const auto write = [&]() -> Result<void> {
    CATALEJO_TRY(check_lock(database_.get(), id, by));
    return writer.write();
  };
  CATALEJO_TRY(transact(database_.get(), write));
  return std::move(writer).changed();
}

Result<Changed> SqliteDatasets::restore_version(const std::string& id, std::int64_t version,
                                                const std::string& author, const std::string& by) {
  const std::lock_guard lock(mutex_);
  auto dataset = find(id);
  if (!dataset) return dataset.error();
  Changed changed;
  const auto write = [&]() -> Result<void> {
    CATALEJO_TRY(check_lock(database_.get(), id, by));
    auto done = bring_back(database_.get(), *dataset, version, author);
    if (!done) return done.error();
    changed = *std::move(done);
    return {};
  };
  CATALEJO_TRY(transact(database_.get(), write));
  return changed;
}

Result<std::vector<DatasetVersion>> SqliteDatasets::versions(const std::string& id) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  Statement row(database_.get(),
                "SELECT version, records, inserted, updated, removed, author, note, created_ns "
                "FROM versions WHERE dataset = ? ORDER BY version DESC");
  row.bind(1, id);
  std::vector<DatasetVersion> found;
  while (row.step()) {
    found.push_back({.version = row.number(0),
                     .records = row.number(1),
                     .inserted = row.number(2),
                     .updated = row.number(3),
                     .removed = row.number(4),
                     .author = row.text(5),
                     .note = row.text(6),
                     .created = {row.number(7)}});
  }
  CATALEJO_TRY(row.result());
  return found;
}

Result<RecordPage> SqliteDatasets::records(const std::string& id, std::int64_t version,
                                           std::int64_t after, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  auto dataset = find(id);
  if (!dataset) return dataset.error();
  if (version == 0) version = dataset->version;
  if (version < 0 || version > dataset->version)
    return Error{Code::not_found, fmt::format("the newest version is {}", dataset->version),
                 "version"};
  RecordPage page{.version = version};
  Statement row(database_.get(),
                fmt::format("{} dataset = ?1 AND from_version <= ?2 AND to_version > ?2 AND "
                            "position > ?3 ORDER BY position LIMIT ?4",
                            kRecordColumns)
                    .c_str());
  row.bind(1, id).bind(2, version).bind(3, after).bind(4, static_cast<std::int64_t>(limit) + 1);
  std::size_t bytes = 0;
  while (row.step()) {
    DatasetRecord record = read_record(row);
    bytes += bytes_of(record);
    const bool full = page.records.size() == limit || bytes > limits::dataset_page_bytes_max;
    if (full && !page.records.empty()) {
      page.next = page.records.back().position;
      break;
    }
    page.records.push_back(std::move(record));
  }
  CATALEJO_TRY(row.result());
  return page;
}

Result<DatasetRecord> SqliteDatasets::record(const std::string& id, std::int64_t version,
                                             const std::string& record) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  Statement row(database_.get(),
                fmt::format("{} dataset = ?1 AND id = ?2 AND from_version <= ?3 AND "
                            "to_version > ?3",
                            kRecordColumns)
                    .c_str());
  row.bind(1, id).bind(2, record).bind(3, version);
  if (row.step()) return read_record(row);
  CATALEJO_TRY(row.result());
  return Error{Code::not_found, "this version of the dataset has no such record", record};
}

Result<RecordDiff> SqliteDatasets::diff(const std::string& id, std::int64_t from, std::int64_t to) {
  const std::lock_guard lock(mutex_);
  auto dataset = find(id);
  if (!dataset) return dataset.error();
  return read_diff(database_.get(), *dataset, from, to);
}

}  // namespace

std::span<const char* const> datasets_schema() {
  return kSchema;
}

Result<std::unique_ptr<Datasets>> Datasets::open(const std::string& path) {
  auto database = open_database(path, datasets_schema());
  if (!database) return database.error();
  auto experiments = Experiments::open(path);
  if (!experiments) return experiments.error();
  auto runs = ExperimentRuns::open(path);
  if (!runs) return runs.error();
  auto experimentation = Experimentation::open(path);
  if (!experimentation) return experimentation.error();
  auto prompts = Prompts::open(path);
  if (!prompts) return prompts.error();
  return std::unique_ptr<Datasets>(std::make_unique<SqliteDatasets>(
      std::move(*database), std::move(*experiments), std::move(*runs), std::move(*experimentation),
      std::move(*prompts)));
}

}  // namespace catalejo::store
