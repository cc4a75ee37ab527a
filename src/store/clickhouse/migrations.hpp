// Brings the schema of the database to what this program needs: each file of sql/ once, in order,
// noted in the table catalejo_migrations. Running it again changes nothing.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "store/clickhouse/client.hpp"

namespace catalejo::store {

Result<void> migrate(ClickHouse& database);

// Drops the day partitions that ended `days` or more days ago. How many went.
Result<std::uint64_t> drop_old_days(ClickHouse& database, int days, UnixNanos now);

}  // namespace catalejo::store
