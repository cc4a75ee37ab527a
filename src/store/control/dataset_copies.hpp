// Whole versions of records, copied by statements instead of record by record. For this folder
// only; inside a transaction of the caller's.
#pragma once

#include "store/control/sqlite.hpp"
#include "store/datasets.hpp"

namespace catalejo::store {

// `copy` is empty; gets the newest records of `source` as its first version, unless there are none.
Result<void> copy_records(sqlite3* database, const Dataset& source, Dataset copy,
                          const std::string& author);
// The next version of `dataset` has the records of `version`.
Result<Changed> bring_back(sqlite3* database, Dataset dataset, std::int64_t version,
                           const std::string& author);

}  // namespace catalejo::store
