#include "store/control/dataset_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/hash.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::store {
namespace {

std::string content_id(const DatasetRecord& record) {
  const Hash128 hash = hash128(fmt::format("{}\n{}\n{}\n{}", record.input, record.expected_output,
                                           record.metadata, record.tags));
  return to_hex(TraceId{hash.high, hash.low});
}

std::string tags_after(const std::string& old, const RecordUpdate& update) {
  std::vector<std::string> tags;
  codec::JsonDocument document;
  std::string text = update.tags.value_or(old);
  codec::dom::array items;
  if (document.parse(text) && codec::root(document).get(items) == simdjson::SUCCESS)
    for (const codec::dom::element item : items) tags.emplace_back(codec::text_or_empty(item));
  for (const std::string& tag : update.tags_removed) std::erase(tags, tag);
  for (const std::string& tag : update.tags_added)
    if (std::ranges::find(tags, tag) == tags.end()) tags.push_back(tag);
  std::string out = "[";
  for (const std::string& tag : tags) {
    if (out.size() > 1) out += ',';
    codec::append_json_string(out, tag);
  }
  return out + "]";
}

}  // namespace

Project read_project(const Statement& row) {
  return {.id = row.text(0),
          .name = row.text(1),
          .description = row.text(2),
          .created = {row.number(3)},
          .updated = {row.number(4)}};
}

Result<void> restore_project(sqlite3* database, const std::string& id) {
  Statement update(database, "UPDATE projects SET deleted_ns = 0 WHERE id = ?");
  update.bind(1, id).step();
  return update.result();
}

Dataset read_dataset(const Statement& row) {
  return {.id = row.text(0),
          .project = row.text(1),
          .name = row.text(2),
          .description = row.text(3),
          .metadata = row.text(4),
          .version = row.number(5),
          .records = row.number(6),
          .bytes = row.number(7),
          .created = {row.number(8)},
          .updated = {row.number(9)}};
}

DatasetRecord read_record(const Statement& row) {
  return {.id = row.text(0),
          .canonical_id = row.text(2),
          .input = row.text(3),
          .expected_output = row.text(4),
          .metadata = row.text(5),
          .tags = row.text(6),
          .source = row.text(7),
          .created = {row.number(8)},
          .updated = {row.number(9)},
          .position = row.number(1)};
}

std::size_t bytes_of(const DatasetRecord& record) {
  return record.id.size() + record.input.size() + record.expected_output.size() +
         record.metadata.size() + record.tags.size() + record.source.size();
}

Result<RecordDiff> read_diff(sqlite3* database, const Dataset& dataset, std::int64_t from,
                             std::int64_t to) {
  if (from < 0 || to < from || to > dataset.version)
    return bad("from",
               fmt::format("write versions from 0 to {}, the older one first", dataset.version));
  std::map<std::pair<std::int64_t, std::string>,
           std::pair<std::optional<DatasetRecord>, std::optional<DatasetRecord>>>
      found;
  std::size_t bytes = 0;
  RecordDiff diff;
  Statement row(database, fmt::format("{} dataset = ?1 AND ((from_version <= ?2 AND to_version > "
                                      "?2 AND to_version <= ?3) OR (from_version > ?2 AND "
                                      "from_version <= ?3 AND to_version > ?3)) ORDER BY position",
                                      kRecordColumns)
                              .c_str());
  row.bind(1, dataset.id).bind(2, from).bind(3, to);
  while (row.step()) {
    DatasetRecord record = read_record(row);
    bytes += bytes_of(record);
    if (bytes > limits::dataset_page_bytes_max || found.size() > limits::dataset_page_rows_max) {
      diff.cut = true;
      break;
    }
    auto& pair = found[{record.position, record.id}];
    (row.number(10) <= from ? pair.first : pair.second) = std::move(record);
  }
  CATALEJO_TRY(row.result());
  for (auto& [key, pair] : found) diff.records.push_back(std::move(pair));
  return diff;
}

Result<void> write_version(sqlite3* database, const Dataset& dataset, const VersionCounts& counts,
                           const std::string& author, const std::string& note) {
  Statement version(database,
                    "INSERT INTO versions (dataset, version, records, inserted, updated, removed, "
                    "author, note, created_ns) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT DO "
                    "UPDATE SET records = ?3, inserted = inserted + ?4, updated = updated + ?5, "
                    "removed = removed + ?6");
  version.bind(1, dataset.id).bind(2, dataset.version).bind(3, dataset.records);
  version.bind(4, counts.inserted).bind(5, counts.updated).bind(6, counts.removed);
  version.bind(7, author).bind(8, note).bind(9, now().value).step();
  CATALEJO_TRY(version.result());
  Statement row(database,
                "UPDATE datasets SET version = ?, records = ?, bytes = ?, updated_ns = ? WHERE id "
                "= ?");
  row.bind(1, dataset.version).bind(2, dataset.records).bind(3, dataset.bytes);
  row.bind(4, now().value).bind(5, dataset.id).step();
  return row.result();
}

Result<void> count_rows(sqlite3* database, Dataset& dataset) {
  // The bytes that bytes_of() counts: length() of a BLOB is bytes, of a TEXT characters.
  Statement row(database,
                "SELECT count(*), ifnull(sum(length(CAST(id || input || expected_output || "
                "metadata || tags || source AS BLOB))), 0) FROM records WHERE dataset = ? AND "
                "to_version = ?");
  row.bind(1, dataset.id).bind(2, kStill);
  if (row.step()) {
    dataset.records = row.number(0);
    dataset.bytes = row.number(1);
  }
  return row.result();
}

DatasetWriter::DatasetWriter(sqlite3* database, Dataset dataset, DatasetChange change)
    : database_(database), dataset_(std::move(dataset)), change_(std::move(change)) {
  // The first version is always a new one: version 0 is the empty dataset.
  version_ = dataset_.version + (change_.new_version || dataset_.version == 0 ? 1 : 0);
}

Result<void> DatasetWriter::write() {
  {
    Statement last(database_, "SELECT ifnull(max(position), 0) FROM records WHERE dataset = ?");
    last.bind(1, dataset_.id);
    if (last.step()) position_ = last.number(0);
    CATALEJO_TRY(last.result());
  }
  for (const std::string& id : change_.remove) CATALEJO_TRY(remove(id));
  for (const RecordUpdate& one : change_.update) CATALEJO_TRY(update(one));
  for (DatasetRecord& record : change_.insert) CATALEJO_TRY(insert(std::move(record)));
  return save();
}

Result<std::optional<DatasetRecord>> DatasetWriter::find(const std::string& id) {
  Statement row(
      database_,
      fmt::format("{} dataset = ? AND id = ? AND to_version = ?", kRecordColumns).c_str());
  row.bind(1, dataset_.id).bind(2, id).bind(3, kStill);
  if (row.step()) return std::optional<DatasetRecord>(read_record(row));
  CATALEJO_TRY(row.result());
  return std::optional<DatasetRecord>();
}

Result<bool> DatasetWriter::is_known(const std::string& canonical_id, const std::string& except) {
  Statement row(database_,
                "SELECT 1 FROM records WHERE dataset = ? AND canonical_id = ? AND to_version = ? "
                "AND id != ?");
  row.bind(1, dataset_.id).bind(2, canonical_id).bind(3, kStill).bind(4, except);
  const bool known = row.step();
  CATALEJO_TRY(row.result());
  return known;
}

Result<void> DatasetWriter::insert(DatasetRecord record) {
  CATALEJO_TRY(check_length("id", record.id, limits::short_name_bytes_max));
  record.canonical_id = content_id(record);
  if (!record.id.empty()) {
    auto old = find(record.id);
    if (!old) return old.error();
    if (*old && change_.replace) return replace(**old, std::move(record));
    if (*old) {
      ++changed_.duplicates;
      return {};
    }
  } else {
    record.id = random_hex(kIdBytes);
  }
  if (change_.deduplicate) {
    auto known = is_known(record.canonical_id, record.id);
    if (!known) return known.error();
    if (*known) {
      ++changed_.duplicates;
      return {};
    }
  }
  ++changed_.inserted;
  record.position = ++position_;
  record.created = record.updated = now();
  return add(std::move(record));
}

Result<void> DatasetWriter::replace(const DatasetRecord& old, DatasetRecord fresh) {
  fresh.canonical_id = content_id(fresh);
  if (fresh.canonical_id == old.canonical_id) {
    ++changed_.duplicates;
    return {};
  }
  fresh.position = old.position;
  fresh.created = old.created;
  fresh.updated = now();
  if (fresh.source.empty()) fresh.source = old.source;
  CATALEJO_TRY(close(old));
  ++changed_.updated;
  return add(std::move(fresh));
}

Result<void> DatasetWriter::update(const RecordUpdate& update) {
  auto old = find(update.id);
  if (!old) return old.error();
  if (!*old) return Error{Code::not_found, "the dataset has no such record", update.id};
  DatasetRecord fresh = **old;
  if (update.input) fresh.input = *update.input;
  if (update.expected_output) fresh.expected_output = *update.expected_output;
  if (update.metadata) fresh.metadata = *update.metadata;
  if (update.tags || !update.tags_added.empty() || !update.tags_removed.empty())
    fresh.tags = tags_after((*old)->tags, update);
  return replace(**old, std::move(fresh));
}

Result<void> DatasetWriter::remove(const std::string& id) {
  auto old = find(id);
  if (!old) return old.error();
  if (!*old) return Error{Code::not_found, "the dataset has no such record", id};
  ++changed_.removed;
  return close(**old);
}

Result<void> DatasetWriter::close(const DatasetRecord& record) {
  anything_ = true;
  dataset_.records -= 1;
  dataset_.bytes -= static_cast<std::int64_t>(bytes_of(record));
  // What began in this very version was never in another one.
  Statement gone(database_,
                 "DELETE FROM records WHERE dataset = ? AND id = ? AND to_version = ? AND "
                 "from_version = ?");
  gone.bind(1, dataset_.id).bind(2, record.id).bind(3, kStill).bind(4, version_).step();
  CATALEJO_TRY(gone.result());
  Statement ends(database_,
                 "UPDATE records SET to_version = ? WHERE dataset = ? AND id = ? AND to_version = "
                 "?");
  ends.bind(1, version_).bind(2, dataset_.id).bind(3, record.id).bind(4, kStill).step();
  return ends.result();
}

Result<void> DatasetWriter::add(DatasetRecord record) {
  anything_ = true;
  const std::size_t bytes = bytes_of(record);
  if (bytes > limits::dataset_record_bytes_max)
    return Error{Code::body_too_large,
                 fmt::format("a record has at most {} bytes, this one {}",
                             limits::dataset_record_bytes_max, bytes),
                 record.id};
  dataset_.records += 1;
  dataset_.bytes += static_cast<std::int64_t>(bytes);
  Statement row(database_,
                "INSERT INTO records (dataset, id, position, from_version, to_version, "
                "canonical_id, input, expected_output, metadata, tags, source, created_ns, "
                "updated_ns) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
  row.bind(1, dataset_.id).bind(2, record.id).bind(3, record.position).bind(4, version_);
  row.bind(5, kStill).bind(6, record.canonical_id).bind(7, record.input);
  row.bind(8, record.expected_output).bind(9, record.metadata).bind(10, record.tags);
  row.bind(11, record.source).bind(12, record.created.value).bind(13, record.updated.value);
  row.step();
  CATALEJO_TRY(row.result());
  changed_.records.push_back({.id = record.id, .canonical_id = record.canonical_id});
  return {};
}

Result<void> DatasetWriter::save() {
  if (!anything_) {
    changed_.version = dataset_.version;
    return {};
  }
  if (dataset_.records > static_cast<std::int64_t>(limits::dataset_records_max))
    return bad("records",
               fmt::format("a dataset has at most {} records", limits::dataset_records_max));
  if (dataset_.bytes > static_cast<std::int64_t>(limits::dataset_bytes_max))
    return Error{Code::body_too_large,
                 fmt::format("a dataset has at most {} bytes", limits::dataset_bytes_max),
                 "records"};
  changed_.version = dataset_.version = version_;
  const VersionCounts counts{static_cast<std::int64_t>(changed_.inserted),
                             static_cast<std::int64_t>(changed_.updated),
                             static_cast<std::int64_t>(changed_.removed)};
  return write_version(database_, dataset_, counts, change_.author, change_.note);
}

}  // namespace catalejo::store
