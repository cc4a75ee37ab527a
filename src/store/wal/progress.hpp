// How far the log is and how far the database is behind it: positions shared by the log writer,
// the batcher and the purger, each atomic and each written by one of them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>

namespace catalejo::store {

struct Progress {
  std::atomic<std::uint64_t> log_end{0};       // writer: behind the last durable record
  std::atomic<std::uint64_t> active_first{0};  // writer: first position of the segment in use
  std::atomic<std::uint64_t> rows_logged{0};  // writer: rows durable, not yet inserted at start too
  std::atomic<std::uint64_t> inserted_end{0};     // batcher: everything before is in the database
  std::atomic<std::uint64_t> rows_inserted{0};    // batcher
  std::atomic<std::uint64_t> batches_waiting{0};  // both: sealed, not yet inserted
  std::atomic<std::uint64_t> memory_bytes{0};     // both: rows held for the batcher

  // Reader of the spans (span_feed.hpp): everything before was read; the most when nobody reads.
  std::atomic<std::uint64_t> read_end{std::numeric_limits<std::uint64_t>::max()};
  std::atomic<std::uint64_t> purged_end{0};    // batcher: no segment before it is left
  std::atomic<std::uint64_t> unread_bytes{0};  // batcher: deleted before they were read

  // Segments before it are no longer needed. A reader that is too far behind is not waited for:
  // the disk is for what comes in.
  std::uint64_t used_end(std::uint64_t unread_bytes_max) const {
    const std::uint64_t inserted = inserted_end, read = read_end;
    return std::min(inserted, std::max(read, inserted - std::min(inserted, unread_bytes_max)));
  }

  std::uint64_t log_bytes() const {
    const std::uint64_t inserted = inserted_end, end = log_end;
    return end > inserted ? end - inserted : 0;
  }
};

}  // namespace catalejo::store
