// Rows of the tables of monitors: groups, events, notices. For this folder only.
#pragma once

#include <vector>

#include "store/control/sqlite.hpp"
#include "store/monitors.hpp"

namespace catalejo::store {

Result<std::vector<model::MonitorGroup>> read_groups(sqlite3* database, std::int64_t monitor);
Result<std::vector<MonitorEvent>> read_events(sqlite3* database, std::int64_t monitor,
                                              std::int64_t before, std::size_t count_max);
Result<std::vector<MonitorNotice>> read_notices(sqlite3* database, std::int64_t monitor,
                                                std::int64_t before, std::size_t count_max);
Result<std::vector<MonitorNotice>> read_due(sqlite3* database, std::int64_t now_ms,
                                            std::size_t count_max);
// Within a transaction of the caller's.
Result<void> write_look(sqlite3* database, const MonitorLook& look);

}  // namespace catalejo::store
