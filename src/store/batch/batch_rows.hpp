// The rows of one batch sorted by table and day, each part the body of one INSERT. Filled by the
// log writer as records become durable, or from the log when it is read again; then owned by the
// batcher.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "store/batch/encoded_batch.hpp"
#include "store/store.hpp"

namespace catalejo::store {

struct BatchPart {
  Table table = Table::spans;
  std::uint32_t day = 0;
  std::uint8_t row_version = kRowVersion;
  std::string bytes = {};                   // RowBinary
  std::vector<std::uint32_t> lengths = {};  // of each row in it
};

class BatchRows {
 public:
  void add(std::uint8_t row_version, const RowHead& head, std::string_view row);

  // In the order in which their first row came, which a replay repeats.
  const std::vector<BatchPart>& parts() const { return parts_; }
  const Inserted& summary() const { return summary_; }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  BatchPart& part_for(std::uint8_t row_version, const RowHead& head);

  std::vector<BatchPart> parts_;
  std::size_t last_part_ = 0;  // rows of one part mostly come together
  Inserted summary_{.start_min = {std::numeric_limits<std::int64_t>::max()},
                    .start_max = {std::numeric_limits<std::int64_t>::min()}};
  std::uint64_t rows_ = 0, bytes_ = 0;
};

// One batch: everything in the log between two cuts. `rows_in_memory` is false when its rows have
// to be read from the log.
struct SealedBatch {
  std::uint64_t first = 0;  // position of its first record
  std::uint64_t cut = 0;    // position of its CUT record
  std::uint64_t end = 0;    // behind the CUT record
  std::uint64_t rows_count = 0;
  bool rows_in_memory = false;
  BatchRows rows = {};
};

}  // namespace catalejo::store
