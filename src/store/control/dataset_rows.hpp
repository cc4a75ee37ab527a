// Rows of projects, datasets and records: reading them, and writing one change. For this folder
// only.
#pragma once

#include "store/control/sqlite.hpp"
#include "store/datasets.hpp"

namespace catalejo::store {

inline constexpr const char* kProjectColumns =
    "SELECT id, name, description, created_ns, updated_ns FROM projects WHERE ";
inline constexpr const char* kDatasetColumns =
    "SELECT id, project, name, description, metadata, version, records, bytes, created_ns, "
    "updated_ns FROM datasets WHERE ";
inline constexpr const char* kRecordColumns =
    "SELECT id, position, canonical_id, input, expected_output, metadata, tags, source, "
    "created_ns, updated_ns, from_version FROM records WHERE ";
inline constexpr std::int64_t kStill = INT64_MAX;  // to_version of a row of the newest version

Project read_project(const Statement& row);
// The one of something that is restored.
Result<void> restore_project(sqlite3* database, const std::string& id);
Dataset read_dataset(const Statement& row);
DatasetRecord read_record(const Statement& row);
std::size_t bytes_of(const DatasetRecord& record);
Result<RecordDiff> read_diff(sqlite3* database, const Dataset& dataset, std::int64_t from,
                             std::int64_t to);

// What a version changed. The rows of the newest version are `dataset.records` and `dataset.bytes`;
// all of these are inside a transaction of the caller's.
struct VersionCounts {
  std::int64_t inserted = 0, updated = 0, removed = 0;
};
Result<void> write_version(sqlite3* database, const Dataset& dataset, const VersionCounts& counts,
                           const std::string& author, const std::string& note);
// Fills in the records and bytes of a dataset whose rows were written by a statement.
Result<void> count_rows(sqlite3* database, Dataset& dataset);

// One change.
class DatasetWriter {
 public:
  DatasetWriter(sqlite3* database, Dataset dataset, DatasetChange change);
  Result<void> write();
  Changed changed() && { return std::move(changed_); }

 private:
  Result<std::optional<DatasetRecord>> find(const std::string& id);
  Result<bool> is_known(const std::string& canonical_id, const std::string& except);
  Result<void> insert(DatasetRecord record);
  Result<void> update(const RecordUpdate& update);
  Result<void> remove(const std::string& id);
  Result<void> replace(const DatasetRecord& old, DatasetRecord fresh);
  Result<void> close(const DatasetRecord& record);
  Result<void> add(DatasetRecord record);
  Result<void> save();

  sqlite3* database_;
  Dataset dataset_;
  DatasetChange change_;
  Changed changed_;
  std::int64_t version_ = 0, position_ = 0;
  bool anything_ = false;
};

}  // namespace catalejo::store
