#include "store/control/rule_rows.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "store/control/queue_rows.hpp"

namespace catalejo::store {
namespace {

// Where nothing is found, how far a rule has looked is written down this often.
constexpr std::int64_t kWrittenNs = 60 * kNanosPerSecond;

Result<std::int64_t> added_on(sqlite3* database, const std::string& queue, std::int64_t day) {
  Statement row(database, "SELECT added FROM queue_rule_days WHERE queue = ? AND day = ?");
  row.bind(1, queue).bind(2, day);
  const std::int64_t added = row.step() ? row.number(0) : 0;
  CATALEJO_TRY(row.result());
  return added;
}

// Also when it was removed: what a person took out does not come back by itself.
Result<bool> is_known(sqlite3* database, const std::string& queue, const QueueItem& item) {
  Statement row(database, "SELECT 1 FROM queue_items WHERE queue = ? AND type = ? AND content = ?");
  row.bind(1, queue).bind(2, item.type).bind(3, item.content);
  const bool known = row.step();
  CATALEJO_TRY(row.result());
  return known;
}

Result<void> count_day(sqlite3* database, const std::string& queue, std::int64_t day,
                       const RuleCounts& counts) {
  Statement row(database,
                "INSERT INTO queue_rule_days (queue, day, added, known, sampled_out, unnamed, "
                "over_day, queue_full, last_added_ns) VALUES (?,?,?,?,?,?,?,?,?) "
                "ON CONFLICT (queue, day) DO UPDATE SET added = added + excluded.added, "
                "known = known + excluded.known, "
                "sampled_out = sampled_out + excluded.sampled_out, "
                "unnamed = unnamed + excluded.unnamed, over_day = over_day + excluded.over_day, "
                "queue_full = queue_full + excluded.queue_full, "
                "last_added_ns = max(last_added_ns, excluded.last_added_ns)");
  row.bind(1, queue).bind(2, day).bind(3, counts.added).bind(4, counts.known);
  row.bind(5, counts.sampled_out).bind(6, counts.unnamed).bind(7, counts.over_day);
  row.bind(8, counts.queue_full).bind(9, counts.added > 0 ? now().value : 0).step();
  CATALEJO_TRY(row.result());
  Statement old(database, "DELETE FROM queue_rule_days WHERE queue = ? AND day <= ?");
  old.bind(1, queue).bind(2, day - limits::queue_rule_days_max).step();
  return old.result();
}

}  // namespace

Result<std::vector<QueueRule>> read_rules(sqlite3* database, const char* condition,
                                          const std::string& queue) {
  Statement row(database,
                fmt::format("SELECT r.queue, r.type, r.filter, r.sample, r.daily_max, r.author, "
                            "r.since_ns, r.through_ns, r.problem "
                            "FROM queue_rules r JOIN queues q ON q.id = r.queue WHERE {}",
                            condition)
                    .c_str());
  if (!queue.empty()) row.bind(1, queue);
  std::vector<QueueRule> rules;
  while (row.step()) {
    rules.push_back({.queue = row.text(0),
                     .type = row.text(1),
                     .filter = row.text(2),
                     .sample = row.real(3),
                     .daily_max = row.number(4),
                     .author = row.text(5),
                     .since = {row.number(6)},
                     .through = {row.number(7)},
                     .problem = row.text(8)});
  }
  CATALEJO_TRY(row.result());
  return rules;
}

Result<std::vector<RuleDay>> read_rule_days(sqlite3* database, const std::string& queue) {
  Statement row(database,
                "SELECT day, added, known, sampled_out, unnamed, over_day, queue_full, "
                "last_added_ns FROM queue_rule_days WHERE queue = ? ORDER BY day DESC");
  row.bind(1, queue);
  std::vector<RuleDay> days;
  while (row.step()) {
    days.push_back({.day = row.number(0),
                    .counts = {.added = row.number(1),
                               .known = row.number(2),
                               .sampled_out = row.number(3),
                               .unnamed = row.number(4),
                               .over_day = row.number(5),
                               .queue_full = row.number(6)},
                    .last_added = {row.number(7)}});
  }
  CATALEJO_TRY(row.result());
  return days;
}

Result<RuleCounts> add_found(sqlite3* database, const QueueRule& rule, const RuleFound& found,
                             std::int64_t room) {
  auto before = added_on(database, rule.queue, found.day);
  if (!before) return before.error();
  RuleCounts counts{.sampled_out = found.sampled_out, .unnamed = found.unnamed};
  for (std::size_t i = 0; i < found.items.size(); ++i) {
    const QueueItem& item = found.items[i];
    std::int64_t* left_out = nullptr;
    auto known = is_known(database, rule.queue, item);
    if (!known) return known.error();
    if (*known) {
      left_out = &counts.known;
    } else if (*before + counts.added >= rule.daily_max) {
      left_out = &counts.over_day;
    } else if (counts.added >= room) {
      left_out = &counts.queue_full;
    } else {
      auto added = insert_item(database, rule.queue, item);
      if (!added) return added.error();
      ++counts.added;
    }
    if (left_out != nullptr && i >= found.seen_before) ++*left_out;
  }
  return counts;
}

bool is_worth_writing(const RuleCounts& counts, const QueueRule& kept, const QueueRule& rule) {
  return counts.added + counts.known + counts.over_day + counts.queue_full > 0 ||
         kept.problem != rule.problem || rule.through.value - kept.through.value > kWrittenNs;
}

Result<void> write_fill(sqlite3* database, const QueueRule& rule, std::int64_t day,
                        const RuleCounts& counts) {
  Statement row(database, "UPDATE queue_rules SET through_ns = ?, problem = ? WHERE queue = ?");
  row.bind(1, rule.through.value).bind(2, rule.problem).bind(3, rule.queue).step();
  CATALEJO_TRY(row.result());
  return count_day(database, rule.queue, day, counts);
}

}  // namespace catalejo::store
