// The files of the log folder: segments named by the position of their first byte, and the walk
// over their records. A segment ends where the next one begins, whatever its size: bytes behind
// that are left-overs of a failed write. Stateless functions; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/wal/record.hpp"

namespace catalejo::store {

struct Segment {
  std::uint64_t first = 0;  // position of its first byte
  std::string path;
  std::uint64_t bytes = 0;
};

std::string segment_path(const std::string& log_dir, std::uint64_t first);
Result<std::vector<Segment>> list_segments(const std::string& log_dir);  // in order

struct LogScan {
  std::uint64_t end = 0;            // behind the last whole record
  std::uint64_t torn_bytes = 0;     // behind `end` in the last segment
  std::uint64_t corrupt_bytes = 0;  // between whole records: a damaged disk, data is lost
};

using RecordVisitor = std::function<void(const RecordHeader&, std::string_view payload)>;

// Visits every whole record in [from, until). `from` is the start of a record or of the log.
Result<LogScan> scan_log(const std::string& log_dir, std::uint64_t from, std::uint64_t until,
                         const RecordVisitor& visit);

}  // namespace catalejo::store
