#include "store/control/dataset_locks.hpp"

#include <fmt/format.h>

namespace catalejo::store {
namespace {

// Without a sign of its holder a lock ends: a closed laptop keeps nobody from working for longer.
constexpr std::int64_t kLockNanos = 3'600 * kNanosPerSecond;

Error held(const DatasetLock& lock) {
  return Error{Code::forbidden,
               fmt::format("{} has locked this dataset since {}; the lock ends at {}", lock.holder,
                           to_rfc3339(lock.since), to_rfc3339(lock.until)),
               "draft_state"};
}

Result<void> write_lock(sqlite3* database, const std::string& dataset, const DatasetLock& lock) {
  Statement row(database,
                "INSERT INTO locks (dataset, holder, since_ns, until_ns) VALUES (?,?,?,?) "
                "ON CONFLICT DO UPDATE SET holder = excluded.holder, "
                "since_ns = excluded.since_ns, until_ns = excluded.until_ns");
  row.bind(1, dataset).bind(2, lock.holder).bind(3, lock.since.value).bind(4, lock.until.value);
  row.step();
  return row.result();
}

}  // namespace

Result<std::optional<DatasetLock>> read_lock(sqlite3* database, const std::string& dataset) {
  Statement row(database,
                "SELECT holder, since_ns, until_ns FROM locks WHERE dataset = ? AND until_ns > ?");
  row.bind(1, dataset).bind(2, now().value);
  std::optional<DatasetLock> lock;
  if (row.step())
    lock = DatasetLock{.holder = row.text(0), .since = {row.number(1)}, .until = {row.number(2)}};
  CATALEJO_TRY(row.result());
  return lock;
}

Result<DatasetLock> take_lock(sqlite3* database, const std::string& dataset,
                              const std::string& by) {
  auto old = read_lock(database, dataset);
  if (!old) return old.error();
  if (*old && (*old)->holder != by) return held(**old);
  const UnixNanos at = now();
  const DatasetLock lock{
      .holder = by, .since = *old ? (*old)->since : at, .until = {at.value + kLockNanos}};
  CATALEJO_TRY(write_lock(database, dataset, lock));
  return lock;
}

Result<void> release_lock(sqlite3* database, const std::string& dataset, const std::string& by) {
  auto old = read_lock(database, dataset);
  if (!old) return old.error();
  if (*old && (*old)->holder != by) return held(**old);
  Statement row(database, "DELETE FROM locks WHERE dataset = ?");
  row.bind(1, dataset).step();
  return row.result();
}

Result<void> check_lock(sqlite3* database, const std::string& dataset, const std::string& by) {
  auto lock = read_lock(database, dataset);
  if (!lock) return lock.error();
  if (!*lock) return {};
  auto kept = take_lock(database, dataset, by);
  if (!kept) return kept.error();
  return {};
}

}  // namespace catalejo::store
