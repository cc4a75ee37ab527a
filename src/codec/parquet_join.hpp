// Parquet files of the same columns as one file, written while they come: what stands between
// their heads and footers is copied as it is, and one footer names the row groups of all of them at
// their new places. Nothing is decoded, so a file of any size takes the memory of its footer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace catalejo::codec {

class ParquetJoiner {
 public:
  // What follows in the joined file. Error malformed when `file` is no Parquet file, or one with
  // other columns than the first; the joiner is as it was then.
  Result<std::string> add(std::string_view file);
  // The rest of the joined file; at least one file was added.
  std::string finish() const;

  std::int64_t rows() const { return rows_; }

 private:
  std::uint64_t written_ = 0;  // bytes of the joined file so far
  std::int64_t rows_ = 0;
  std::uint64_t groups_ = 0;
  std::string row_groups_;  // one after the other, as elements of the footer's list
  // Fields of the first file's footer, as they stand there.
  std::string version_, schema_, created_by_, column_orders_;
};

}  // namespace catalejo::codec
