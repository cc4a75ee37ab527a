#include "store/redaction.hpp"

#include <fmt/format.h>

#include <mutex>
#include <optional>

#include "base/limits.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

constexpr const char* kColumns =
    "seq, id, name, app, target, pattern, action, enabled, removed, author, at_ns";

RedactionVersion read_version(const Statement& row) {
  return {.seq = row.number(0),
          .rule = {.id = row.number(1),
                   .name = row.text(2),
                   .app = row.text(3),
                   .target = row.text(4),
                   .pattern = row.text(5),
                   .action = row.text(6),
                   .enabled = row.number(7) != 0},
          .removed = row.number(8) != 0,
          .author = row.text(9),
          .at = {row.number(10)}};
}

// Every version of every rule is a row; the newest of a rule is what holds.
class SqliteRedaction : public RedactionControl {
 public:
  explicit SqliteRedaction(Database database) : database_(std::move(database)) {}

  Result<std::vector<RedactionRule>> rules() override {
    const std::lock_guard lock(mutex_);
    auto versions =
        read(fmt::format("SELECT {} FROM redaction_rules WHERE seq IN (SELECT max(seq) "
                         "FROM redaction_rules GROUP BY id) AND removed = 0 ORDER BY id",
                         kColumns),
             {});
    if (!versions) return versions.error();
    std::vector<RedactionRule> rules;
    for (RedactionVersion& version : *versions) rules.push_back(std::move(version.rule));
    return rules;
  }

  Result<std::vector<RedactionVersion>> history(std::size_t versions_max) override {
    const std::lock_guard lock(mutex_);
    return read(fmt::format("SELECT {} FROM redaction_rules ORDER BY seq DESC LIMIT ?", kColumns),
                static_cast<std::int64_t>(versions_max));
  }

  Result<std::int64_t> put(RedactionRule rule, const std::string& author) override {
    const std::lock_guard lock(mutex_);
    if (rule.id != 0) {
      auto current = newest(rule.id, INT64_MAX);
      if (!current) return current.error();
      if (!*current || (*current)->removed) return missing(rule.id);
    } else {
      Statement count(database_.get(),
                      "SELECT count(DISTINCT id), coalesce(max(id), 0) + 1 FROM redaction_rules");
      count.step();
      CATALEJO_TRY(count.result());
      Statement held(database_.get(),
                     "SELECT count(*) FROM redaction_rules WHERE seq IN (SELECT max(seq) FROM "
                     "redaction_rules GROUP BY id) AND removed = 0");
      if (held.step() && held.number(0) >= static_cast<std::int64_t>(limits::redaction_rules_max))
        return bad("rules",
                   fmt::format("there are {} rules; remove some", limits::redaction_rules_max));
      rule.id = count.number(1);
    }
    CATALEJO_TRY(insert(rule, false, author));
    return rule.id;
  }

  Result<void> remove(std::int64_t id, const std::string& author) override {
    const std::lock_guard lock(mutex_);
    auto current = newest(id, INT64_MAX);
    if (!current) return current.error();
    if (!*current || (*current)->removed) return missing(id);
    return insert((*current)->rule, true, author);
  }

  Result<void> undo(std::int64_t seq, const std::string& author) override {
    const std::lock_guard lock(mutex_);
    auto versions =
        read(fmt::format("SELECT {} FROM redaction_rules WHERE seq = ?", kColumns), seq);
    if (!versions) return versions.error();
    if (versions->empty()) return missing(seq);
    const RedactionVersion& version = versions->front();
    auto before = newest(version.rule.id, version.seq - 1);
    if (!before) return before.error();
    if (!*before) return insert(version.rule, true, author);
    return insert((*before)->rule, (*before)->removed, author);
  }

 private:
  static Error missing(std::int64_t id) {
    return Error{Code::not_found, "there is no such rule", fmt::format("{}", id)};
  }

  Result<std::vector<RedactionVersion>> read(const std::string& sql,
                                             std::optional<std::int64_t> number) {
    Statement row(database_.get(), sql.c_str());
    if (number) row.bind(1, *number);
    std::vector<RedactionVersion> versions;
    while (row.step()) versions.push_back(read_version(row));
    CATALEJO_TRY(row.result());
    return versions;
  }

  // The version of a rule that holds at `seq`.
  Result<std::optional<RedactionVersion>> newest(std::int64_t id, std::int64_t seq) {
    Statement row(database_.get(),
                  fmt::format("SELECT {} FROM redaction_rules WHERE id = ? AND seq "
                              "<= ? ORDER BY seq DESC LIMIT 1",
                              kColumns)
                      .c_str());
    row.bind(1, id).bind(2, seq);
    std::optional<RedactionVersion> version;
    if (row.step()) version = read_version(row);
    CATALEJO_TRY(row.result());
    return version;
  }

  Result<void> insert(const RedactionRule& rule, bool removed, const std::string& author) {
    Statement row(database_.get(),
                  "INSERT INTO redaction_rules (id, name, app, target, pattern, action, enabled, "
                  "removed, author, at_ns) VALUES (?,?,?,?,?,?,?,?,?,?)");
    row.bind(1, rule.id).bind(2, rule.name).bind(3, rule.app).bind(4, rule.target);
    row.bind(5, rule.pattern).bind(6, rule.action).bind(7, std::int64_t{rule.enabled});
    row.bind(8, std::int64_t{removed}).bind(9, author).bind(10, now().value).step();
    return row.result();
  }

  std::mutex mutex_;  // guards the database
  Database database_;
};

}  // namespace

Result<std::unique_ptr<RedactionControl>> RedactionControl::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  return std::unique_ptr<RedactionControl>(std::make_unique<SqliteRedaction>(std::move(*database)));
}

}  // namespace catalejo::store
