#include "store/control/dataset_copies.hpp"

#include <fmt/format.h>

#include "store/control/dataset_rows.hpp"

namespace catalejo::store {
namespace {

// Of the rows that hold now, those that did not hold at ?2.
constexpr const char* kBeganLater = "dataset = ?1 AND to_version = ?3 AND from_version > ?2";
// Of the rows that held at ?2, those that do not hold any more.
constexpr const char* kEndedSince =
    "dataset = ?1 AND from_version <= ?2 AND to_version > ?2 AND to_version < ?3";

Result<VersionCounts> count_changes(sqlite3* database, const std::string& dataset,
                                    std::int64_t version) {
  Statement row(database,
                fmt::format("WITH later AS (SELECT id FROM records WHERE {}), "
                            "ended AS (SELECT id FROM records WHERE {}) "
                            "SELECT (SELECT count(*) FROM later), (SELECT count(*) FROM ended), "
                            "(SELECT count(*) FROM later JOIN ended USING (id))",
                            kBeganLater, kEndedSince)
                    .c_str());
  row.bind(1, dataset).bind(2, version).bind(3, kStill);
  VersionCounts counts;
  if (row.step()) {
    counts.updated = row.number(2);
    counts.inserted = row.number(1) - counts.updated;
    counts.removed = row.number(0) - counts.updated;
  }
  CATALEJO_TRY(row.result());
  return counts;
}

}  // namespace

Result<void> copy_records(sqlite3* database, const Dataset& source, Dataset copy,
                          const std::string& author) {
  if (source.records == 0) return {};
  copy.version = 1;
  Statement rows(
      database,
      "INSERT INTO records (dataset, id, position, from_version, to_version, "
      "canonical_id, input, expected_output, metadata, tags, source, created_ns, "
      "updated_ns) SELECT ?2, lower(hex(randomblob(?5))), position, 1, ?3, canonical_id, "
      "input, expected_output, metadata, tags, source, ?4, ?4 FROM records WHERE "
      "dataset = ?1 AND to_version = ?3 ORDER BY position");
  rows.bind(1, source.id).bind(2, copy.id).bind(3, kStill).bind(4, now().value).bind(5, kIdBytes);
  rows.step();
  CATALEJO_TRY(rows.result());
  CATALEJO_TRY(count_rows(database, copy));
  const std::string note = fmt::format("copy of {}, version {}", source.name, source.version);
  return write_version(database, copy, {.inserted = copy.records}, author, note);
}

Result<Changed> bring_back(sqlite3* database, Dataset dataset, std::int64_t version,
                           const std::string& author) {
  if (version < 0 || version > dataset.version)
    return bad("dataset_version", fmt::format("must be 0 to {}", dataset.version));
  auto counts = count_changes(database, dataset.id, version);
  if (!counts) return counts.error();
  Changed changed{.version = dataset.version,
                  .inserted = static_cast<std::size_t>(counts->inserted),
                  .updated = static_cast<std::size_t>(counts->updated),
                  .removed = static_cast<std::size_t>(counts->removed)};
  if (counts->inserted + counts->updated + counts->removed == 0) return changed;
  changed.version = ++dataset.version;
  Statement ends(database,
                 fmt::format("UPDATE records SET to_version = ?4 WHERE {}", kBeganLater).c_str());
  ends.bind(1, dataset.id).bind(2, version).bind(3, kStill).bind(4, dataset.version).step();
  CATALEJO_TRY(ends.result());
  // The rows that were just closed began after `version`, so they are not among these.
  Statement back(database,
                 fmt::format("INSERT INTO records (dataset, id, position, from_version, "
                             "to_version, canonical_id, input, expected_output, metadata, tags, "
                             "source, created_ns, updated_ns) SELECT dataset, id, position, ?4, "
                             "?3, canonical_id, input, expected_output, metadata, tags, source, "
                             "created_ns, ?5 FROM records WHERE {}",
                             kEndedSince)
                     .c_str());
  back.bind(1, dataset.id).bind(2, version).bind(3, kStill).bind(4, dataset.version);
  back.bind(5, now().value).step();
  CATALEJO_TRY(back.result());
  CATALEJO_TRY(count_rows(database, dataset));
  CATALEJO_TRY(
      write_version(database, dataset, *counts, author, fmt::format("version {} again", version)));
  return changed;
}

}  // namespace catalejo::store
