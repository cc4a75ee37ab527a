// The rows of one batch sorted by table and day, each part the body of one INSERT. Filled by the
// log writer as records become durable, or from the log when it is read again; then owned by the
// batcher. Rows are not copied: they lie in the payloads of their records, which live as long as
// the batch (copying them into one body per part cost 3 CPU-s per 1 M spans, most of it new pages).
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
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
  std::vector<std::string_view> rows = {};  // RowBinary; they lie in the payloads of the batch
};

class BatchRows {
 public:
  // All rows of a ROWS record; false when its lengths do not add up.
  bool add(std::uint8_t row_version, std::string payload);

  // In the order in which their first row came, which a replay repeats.
  const std::vector<BatchPart>& parts() const { return parts_; }
  const Inserted& summary() const { return summary_; }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t bytes() const { return bytes_; }  // of memory

 private:
  BatchPart& part_for(std::uint8_t row_version, const RowHead& head);
  void sum_up(const RowHead& head, std::string_view row);

  std::vector<std::unique_ptr<const std::string>> payloads_;
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
