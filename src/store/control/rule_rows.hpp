// Rows of queue_rules and queue_rule_days; what holds the connection holds its lock. For this
// folder only.
#pragma once

#include "store/control/sqlite.hpp"
#include "store/queues.hpp"

namespace catalejo::store {

// Those that fit `condition`, whose only parameter is `queue` when that is not empty.
Result<std::vector<QueueRule>> read_rules(sqlite3* database, const char* condition,
                                          const std::string& queue);
Result<std::vector<RuleDay>> read_rule_days(sqlite3* database, const std::string& queue);
// These are steps of one transaction. `room` is what the queue has left.
Result<RuleCounts> add_found(sqlite3* database, const QueueRule& rule, const RuleFound& found,
                             std::int64_t room);
// What was only left out of the sample waits for more.
bool is_worth_writing(const RuleCounts& counts, const QueueRule& kept, const QueueRule& rule);
// Days that are too old to be shown are forgotten.
Result<void> write_fill(sqlite3* database, const QueueRule& rule, std::int64_t day,
                        const RuleCounts& counts);

}  // namespace catalejo::store
