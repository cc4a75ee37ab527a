// Who alone may change the records of a dataset. For this folder only; who calls holds the mutex.
#pragma once

#include <optional>

#include "store/control/sqlite.hpp"
#include "store/datasets.hpp"

namespace catalejo::store {

inline constexpr const char* kLocksSchema =
    "CREATE TABLE locks (dataset TEXT PRIMARY KEY REFERENCES datasets ON DELETE CASCADE,"
    " holder TEXT NOT NULL, since_ns INTEGER NOT NULL, until_ns INTEGER NOT NULL) STRICT";

// One that has ended is none.
Result<std::optional<DatasetLock>> read_lock(sqlite3* database, const std::string& dataset);
// Taken anew or for longer; Error forbidden when somebody else holds it.
Result<DatasetLock> take_lock(sqlite3* database, const std::string& dataset, const std::string& by);
Result<void> release_lock(sqlite3* database, const std::string& dataset, const std::string& by);
// Before a change: Error forbidden when somebody else holds it; when `by` does, for longer.
Result<void> check_lock(sqlite3* database, const std::string& dataset, const std::string& by);

}  // namespace catalejo::store
