// Datasets: records that were made of traces or brought by somebody, in versions that do not
// change. In datasets.sqlite, a file of its own, so that a large import cannot hold up a look-up of
// a key (docs/decisions/011-datasets.md). Thread-safe, but it waits for the disk: not for an event
// loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

class ExperimentRuns;
class Experiments;
class Experimentation;
class Prompts;

struct Project {
  std::string id, name, description;
  UnixNanos created, updated;
};

struct Dataset {
  std::string id, project, name, description;
  std::string metadata;  // JSON object
  std::int64_t version = 0, records = 0, bytes = 0;
  UnixNanos created, updated;
};

// Everything but the id and the times is JSON.
struct DatasetRecord {
  std::string id;
  std::string canonical_id;  // of its content: the same for records that say the same
  std::string input = "null", expected_output = "null", metadata = "{}", tags = "[]";
  std::string source;  // {"trace_id","span_id"}, or empty
  UnixNanos created, updated;
  std::int64_t position = 0;
};

// Fields without a value stay as they are.
struct RecordUpdate {
  std::string id;
  std::optional<std::string> input, expected_output, metadata, tags;
  std::vector<std::string> tags_added, tags_removed;
};

struct DatasetChange {
  // A record whose id the dataset has replaces that record, or is a duplicate where nothing is to
  // be replaced; one without an id gets one.
  std::vector<DatasetRecord> insert;
  bool replace = true;
  std::vector<RecordUpdate> update;
  std::vector<std::string> remove;
  // Records that say what another one of the dataset or the change says are left out and counted.
  bool deduplicate = true;
  // Otherwise the newest version itself is changed, as Datadog's client asks for when it sends one
  // change in several requests.
  bool new_version = true;
  std::string author, note;
  std::string by;  // who asks for it, as a lock names its holder
};

struct Changed {
  std::int64_t version = 0;
  std::vector<DatasetRecord> records;  // inserted and updated: id and canonical_id
  std::size_t inserted = 0, updated = 0, removed = 0, duplicates = 0;
};

struct DatasetVersion {
  std::int64_t version = 0, records = 0, inserted = 0, updated = 0, removed = 0;
  std::string author, note;
  UnixNanos created;
};

// Only the holder changes records while it holds.
struct DatasetLock {
  std::string holder;
  UnixNanos since, until;
};

struct RecordPage {
  std::int64_t version = 0;
  std::vector<DatasetRecord> records;
  std::optional<std::int64_t> next;  // position to go on from
};

struct RecordDiff {
  std::vector<std::pair<std::optional<DatasetRecord>, std::optional<DatasetRecord>>> records;
  bool cut = false;
};

class Datasets {
 public:
  static Result<std::unique_ptr<Datasets>> open(const std::string& path);
  virtual ~Datasets() = default;

  virtual Result<std::vector<Project>> projects() = 0;
  // The one of this name, made when there is none.
  virtual Result<Project> project(const std::string& name, const std::string& description) = 0;
  // Without a value it stays as it is.
  virtual Result<Project> update_project(const std::string& id,
                                         const std::optional<std::string>& name,
                                         const std::optional<std::string>& description) = 0;
  // With their datasets and experiments. A project comes back, empty, when one of its name is made,
  // and when a dataset or an experiment of it is restored.
  virtual Result<std::vector<Project>> remove_projects(const std::vector<std::string>& ids) = 0;

  // Empty project: of all of them.
  virtual Result<std::vector<Dataset>> list(const std::string& project) = 0;
  virtual Result<Dataset> get(const std::string& id) = 0;
  // The one of this name in the project when there is one already.
  virtual Result<Dataset> create(const std::string& project, const std::string& name,
                                 const std::string& description, const std::string& metadata) = 0;
  virtual Result<void> rename(const std::string& id, const std::string& name,
                              const std::string& description) = 0;
  // Gone from every list; `restore` brings it back.
  virtual Result<void> remove(const std::string& id) = 0;
  virtual Result<Dataset> restore(const std::string& id) = 0;
  // Another dataset of the same project with the records of the newest version, under new ids.
  virtual Result<Dataset> clone(const std::string& id, const std::string& name,
                                const std::string& description, const std::string& author) = 0;

  // Nothing when nobody holds it.
  virtual Result<std::optional<DatasetLock>> lock_of(const std::string& id) = 0;
  // Takes it, or keeps it for longer; also every change by the holder does. It ends by itself.
  virtual Result<DatasetLock> lock(const std::string& id, const std::string& by) = 0;
  // Error forbidden when somebody else holds it; no error when nobody does.
  virtual Result<void> unlock(const std::string& id, const std::string& by) = 0;

  virtual Result<Changed> change(const std::string& id, DatasetChange change) = 0;
  // A new version with the records of an old one; 0 is the empty dataset. No version when nothing
  // differs.
  virtual Result<Changed> restore_version(const std::string& id, std::int64_t version,
                                          const std::string& author, const std::string& by) = 0;
  virtual Result<std::vector<DatasetVersion>> versions(const std::string& id) = 0;
  // Version 0 is the newest. From `after` on, at most `limit` and a bounded number of bytes.
  virtual Result<RecordPage> records(const std::string& id, std::int64_t version,
                                     std::int64_t after, std::size_t limit) = 0;
  // The one of this id, as it was in that version.
  virtual Result<DatasetRecord> record(const std::string& id, std::int64_t version,
                                       const std::string& record) = 0;
  virtual Result<RecordDiff> diff(const std::string& id, std::int64_t from, std::int64_t to) = 0;

  // What is kept in the same file.
  virtual Experiments& experiments() = 0;
  virtual ExperimentRuns& experiment_runs() = 0;
  virtual Experimentation& experimentation() = 0;
  virtual Prompts& prompts() = 0;
};

}  // namespace catalejo::store
