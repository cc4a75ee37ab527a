// The rows of a list as a file that other programs read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/task.hpp"
#include "codec/parquet_join.hpp"
#include "query/cursor.hpp"
#include "query/filter.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

// Rows of one file. Its footer, which names every few thousand of them, is in memory until the end.
inline constexpr std::int64_t kExportRowsMax = 10'000'000;

// The newest rows that a filter finds, as one Parquet file: whole texts, ids as text, times in
// nanoseconds. What the application said a call cost is in it; prices of ours are applied after the
// database and are not.
//
// The database writes a small file for each window of the list, and they are joined while they are
// sent, so that a day takes no more memory than an hour.
class ParquetExport {
 public:
  // The store outlives it; the filter is narrowed().
  ParquetExport(store::Store& store, Filter filter) : store_(store), filter_(std::move(filter)) {}

  // What follows in the file; nothing behind its end. Not again before it has answered.
  Task<Result<std::string>> next();

 private:
  // The last row of the next window; nullopt when it is the last one.
  Task<Result<std::optional<Cursor>>> window_end();
  // The file of the next window, which is made smaller until the database can hold it.
  Task<Result<std::string>> window();

  store::Store& store_;
  Filter filter_;
  codec::ParquetJoiner joiner_;
  std::optional<Cursor> after_;
  std::size_t window_rows_ = kWindowRowsMax;
  bool read_all_ = false, ended_ = false;

  static constexpr std::size_t kWindowRowsMax = 8'192;
};

}  // namespace catalejo::query
