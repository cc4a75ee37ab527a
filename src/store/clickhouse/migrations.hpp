// Brings the schema of the database to what this program needs: each file of sql/ once, in order,
// noted in the table catalejo_migrations. Running it again changes nothing.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "store/clickhouse/client.hpp"

namespace catalejo::store {

Result<void> migrate(ClickHouse& database);

// Drops the days of spans and evaluations that ended `days` or more days ago, and the months of
// metrics that ended `metric_days` or more ago. How many partitions went.
struct Retention {
  int days = 0, metric_days = 0;
};
Result<std::uint64_t> drop_old(ClickHouse& database, Retention retention, UnixNanos now);

}  // namespace catalejo::store
