#include "store/control/judges.hpp"

#include <fmt/format.h>

#include <mutex>

#include "base/limits.hpp"
#include "store/control/sqlite.hpp"
#include "store/judges.hpp"

namespace catalejo::store {
namespace {

constexpr std::size_t kNameBytesMax = 200;

constexpr const char* kSelect =
    "SELECT j.id, j.name, j.draft, j.version, coalesce(v.settings, ''), j.author, j.updated_ns "
    "FROM judges j LEFT JOIN judge_versions v ON v.judge = j.id AND v.version = j.version "
    "WHERE j.deleted_ns = 0";

Judge read_judge(const Statement& row) {
  return {.id = row.number(0),
          .name = row.text(1),
          .draft = row.text(2),
          .version = row.number(3),
          .published = row.text(4),
          .author = row.text(5),
          .updated = {row.number(6)}};
}

class SqliteJudges : public Judges {
 public:
  explicit SqliteJudges(Database database) : database_(std::move(database)) {}

  Result<std::vector<Judge>> all() override {
    const std::lock_guard lock(mutex_);
    Statement row(database_.get(), fmt::format("{} ORDER BY j.id", kSelect).c_str());
    std::vector<Judge> judges;
    while (row.step()) judges.push_back(read_judge(row));
    CATALEJO_TRY(row.result());
    return judges;
  }

  Result<Judge> find(std::int64_t id) override {
    const std::lock_guard lock(mutex_);
    return held(id);
  }

  Result<std::int64_t> put(const Judge& judge) override {
    const std::lock_guard lock(mutex_);
    if (judge.name.empty() || judge.name.size() > kNameBytesMax)
      return bad("name", fmt::format("it has 1 to {} bytes", kNameBytesMax));
    CATALEJO_TRY(check_room(judge));
    if (judge.id == 0) return insert(judge);
    auto old = held(judge.id);
    if (!old) return old.error();
    Statement row(database_.get(),
                  "UPDATE judges SET name = ?, draft = ?, author = ?, updated_ns = ? WHERE id = ?");
    row.bind(1, judge.name).bind(2, judge.draft).bind(3, judge.author).bind(4, now().value);
    row.bind(5, judge.id).step();
    CATALEJO_TRY(row.result());
    return judge.id;
  }

  Result<std::int64_t> publish(std::int64_t id, const std::string& author) override {
    const std::lock_guard lock(mutex_);
    std::int64_t version = 0;
    CATALEJO_TRY(transact(database_.get(), [&] { return publish_draft(id, author, version); }));
    return version;
  }

  Result<void> unpublish(std::int64_t id, const std::string& author) override {
    const std::lock_guard lock(mutex_);
    auto old = held(id);
    if (!old) return old.error();
    return set_version(id, 0, author);
  }

  Result<void> remove(std::int64_t id, const std::string& author) override {
    const std::lock_guard lock(mutex_);
    auto old = held(id);
    if (!old) return old.error();
    Statement row(database_.get(),
                  "UPDATE judges SET deleted_ns = ?, version = 0, author = ? WHERE id = ?");
    row.bind(1, now().value).bind(2, author).bind(3, id).step();
    return row.result();
  }

  Result<std::map<std::int64_t, JudgeAmounts>> day(std::int64_t day) override {
    const std::lock_guard lock(mutex_);
    Statement row(database_.get(), "SELECT judge, what, amount FROM judge_days WHERE day = ?");
    row.bind(1, day);
    std::map<std::int64_t, JudgeAmounts> amounts;
    while (row.step()) amounts[row.number(0)][row.text(1)] = row.number(2);
    CATALEJO_TRY(row.result());
    return amounts;
  }

  Result<void> put_day(std::int64_t day,
                       const std::map<std::int64_t, JudgeAmounts>& amounts) override {
    const std::lock_guard lock(mutex_);
    return transact(database_.get(), [&]() -> Result<void> {
      for (const auto& [judge, by_what] : amounts) {
        for (const auto& [what, amount] : by_what) {
          Statement row(database_.get(),
                        "INSERT INTO judge_days (day, judge, what, amount) VALUES (?,?,?,?) "
                        "ON CONFLICT DO UPDATE SET amount = excluded.amount");
          row.bind(1, day).bind(2, judge).bind(3, what).bind(4, amount).step();
          CATALEJO_TRY(row.result());
        }
      }
      return {};
    });
  }

 private:
  Result<Judge> held(std::int64_t id) {
    Statement row(database_.get(), fmt::format("{} AND j.id = ?", kSelect).c_str());
    row.bind(1, id);
    if (row.step()) return read_judge(row);
    CATALEJO_TRY(row.result());
    return Error{Code::not_found, "there is no such judge", fmt::format("{}", id)};
  }

  Result<void> check_room(const Judge& judge) {
    Statement row(database_.get(),
                  "SELECT count(*), count(*) FILTER (WHERE name = ?1 AND id <> ?2) FROM judges "
                  "WHERE deleted_ns = 0");
    row.bind(1, judge.name).bind(2, judge.id).step();
    CATALEJO_TRY(row.result());
    if (row.number(1) > 0) return bad("name", "another judge has this name");
    if (judge.id == 0 && row.number(0) >= static_cast<std::int64_t>(limits::judges_max))
      return bad("judges", fmt::format("there are {} judges; remove some", limits::judges_max));
    return {};
  }

  Result<std::int64_t> insert(const Judge& judge) {
    Statement row(database_.get(),
                  "INSERT INTO judges (name, draft, author, updated_ns) VALUES (?,?,?,?)");
    row.bind(1, judge.name).bind(2, judge.draft).bind(3, judge.author).bind(4, now().value).step();
    CATALEJO_TRY(row.result());
    return std::int64_t{sqlite3_last_insert_rowid(database_.get())};
  }

  Result<void> publish_draft(std::int64_t id, const std::string& author, std::int64_t& version) {
    auto judge = held(id);
    if (!judge) return judge.error();
    std::string newest;
    {
      Statement row(database_.get(),
                    "SELECT version, settings FROM judge_versions WHERE judge = ? "
                    "ORDER BY version DESC LIMIT 1");
      row.bind(1, id);
      if (row.step()) {
        version = row.number(0);
        newest = row.text(1);
      }
      CATALEJO_TRY(row.result());
    }
    if (newest != judge->draft) {
      ++version;
      Statement row(database_.get(),
                    "INSERT INTO judge_versions (judge, version, settings, author, at_ns) "
                    "VALUES (?,?,?,?,?)");
      row.bind(1, id).bind(2, version).bind(3, judge->draft).bind(4, author).bind(5, now().value);
      row.step();
      CATALEJO_TRY(row.result());
    }
    return set_version(id, version, author);
  }

  Result<void> set_version(std::int64_t id, std::int64_t version, const std::string& author) {
    Statement row(database_.get(),
                  "UPDATE judges SET version = ?, author = ?, updated_ns = ? WHERE id = ?");
    row.bind(1, version).bind(2, author).bind(3, now().value).bind(4, id).step();
    return row.result();
  }

  std::mutex mutex_;  // guards the database
  Database database_;
};

}  // namespace

Result<std::unique_ptr<Judges>> Judges::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  return std::unique_ptr<Judges>(std::make_unique<SqliteJudges>(std::move(*database)));
}

}  // namespace catalejo::store
