#include "store/waiting_wholes.hpp"

#include <atomic>
#include <mutex>

#include "base/limits.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

class SqliteWaitingWholes final : public WaitingWholes {
 public:
  explicit SqliteWaitingWholes(Database database) : database_(std::move(database)) {}

  Result<void> load() {
    Statement row(database_.get(), "SELECT count(*) FROM waiting_wholes");
    if (row.step()) count_ = static_cast<std::size_t>(row.number(0));
    return row.result();
  }
  Result<std::size_t> put(const std::vector<WaitingWhole>& wholes) override;
  Result<std::vector<WaitingWhole>> due(std::int64_t now_ms, std::size_t wholes_max) override;
  Result<void> remove(const std::vector<WaitingWhole>& wholes) override;
  std::size_t count() const override { return count_; }

 private:
  Result<bool> wait_on(const WaitingWhole& whole);
  Result<void> begin_to_wait(const WaitingWhole& whole);

  std::mutex mutex_;  // guards the database
  Database database_;
  std::atomic<std::size_t> count_{0};
};

Result<bool> SqliteWaitingWholes::wait_on(const WaitingWhole& whole) {
  Statement row(database_.get(),
                "UPDATE waiting_wholes SET first_ns = min(first_ns, ?), last_ns = max(last_ns, ?),"
                " due_ms = ? WHERE evaluator = ? AND name = ?");
  row.bind(1, whole.first.value).bind(2, whole.last.value).bind(3, whole.due_ms);
  row.bind(4, whole.evaluator).bind(5, whole.name).step();
  CATALEJO_TRY(row.result());
  return sqlite3_changes(database_.get()) > 0;
}

Result<void> SqliteWaitingWholes::begin_to_wait(const WaitingWhole& whole) {
  Statement row(database_.get(),
                "INSERT INTO waiting_wholes (evaluator, name, first_ns, last_ns, due_ms)"
                " VALUES (?,?,?,?,?)");
  row.bind(1, whole.evaluator).bind(2, whole.name).bind(3, whole.first.value);
  row.bind(4, whole.last.value).bind(5, whole.due_ms).step();
  return row.result();
}

Result<std::size_t> SqliteWaitingWholes::put(const std::vector<WaitingWhole>& wholes) {
  const std::lock_guard lock(mutex_);
  std::size_t added = 0, refused = 0;
  auto done = transact(database_.get(), [&]() -> Result<void> {
    for (const WaitingWhole& whole : wholes) {
      auto known = wait_on(whole);
      if (!known) return known.error();
      if (*known) continue;
      if (count_ + added >= limits::wholes_waiting_max) {
        ++refused;
        continue;
      }
      CATALEJO_TRY(begin_to_wait(whole));
      ++added;
    }
    return {};
  });
  if (!done) return done.error();
  count_ += added;
  return refused;
}

Result<std::vector<WaitingWhole>> SqliteWaitingWholes::due(std::int64_t now_ms,
                                                           std::size_t wholes_max) {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "SELECT evaluator, name, first_ns, last_ns, due_ms FROM waiting_wholes"
                " WHERE due_ms <= ? ORDER BY due_ms LIMIT ?");
  row.bind(1, now_ms).bind(2, static_cast<std::int64_t>(wholes_max));
  std::vector<WaitingWhole> wholes;
  while (row.step()) {
    wholes.push_back({.evaluator = row.text(0),
                      .name = row.text(1),
                      .first = {row.number(2)},
                      .last = {row.number(3)},
                      .due_ms = row.number(4)});
  }
  CATALEJO_TRY(row.result());
  return wholes;
}

Result<void> SqliteWaitingWholes::remove(const std::vector<WaitingWhole>& wholes) {
  const std::lock_guard lock(mutex_);
  std::size_t removed = 0;
  auto done = transact(database_.get(), [&]() -> Result<void> {
    for (const WaitingWhole& whole : wholes) {
      // What came meanwhile makes it wait on.
      Statement row(database_.get(),
                    "DELETE FROM waiting_wholes WHERE evaluator = ? AND name = ? AND due_ms = ?");
      row.bind(1, whole.evaluator).bind(2, whole.name).bind(3, whole.due_ms).step();
      CATALEJO_TRY(row.result());
      removed += static_cast<std::size_t>(sqlite3_changes(database_.get()));
    }
    return {};
  });
  if (!done) return done.error();
  count_ -= removed;
  return {};
}

}  // namespace

Result<std::unique_ptr<WaitingWholes>> WaitingWholes::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  auto opened = std::make_unique<SqliteWaitingWholes>(std::move(*database));
  CATALEJO_TRY(opened->load());
  return std::unique_ptr<WaitingWholes>(std::move(opened));
}

}  // namespace catalejo::store
