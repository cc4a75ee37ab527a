#include "store/wal/segments.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/file.hpp"
#include "base/ids.hpp"

namespace catalejo::store {
namespace {

// Reads one segment piece by piece; a short read means the end of the file.
class SegmentReader {
 public:
  static Result<SegmentReader> open(const Segment& segment, std::uint64_t limit) {
    UniqueFd fd(::open(segment.path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return errno_error("open", segment.path);
    return SegmentReader(std::move(fd), segment, limit);
  }

  std::uint64_t end() const { return segment_.first + std::min(segment_.bytes, limit_); }

  // Up to `size` bytes at `position`; fewer at the end of the segment.
  Result<std::string_view> read(std::uint64_t position, std::uint64_t size) {
    size = std::min(size, end() - std::min(end(), position));
    if (buffer_.size() < size) buffer_.resize(size);
    std::uint64_t got = 0;
    while (got < size) {
      const ssize_t count = ::pread(fd_.get(), buffer_.data() + got, size - got,
                                    static_cast<off_t>(position - segment_.first + got));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return errno_error("read", segment_.path);
      if (count == 0) break;
      got += static_cast<std::uint64_t>(count);
    }
    return std::string_view(buffer_).substr(0, got);
  }

 private:
  SegmentReader(UniqueFd fd, const Segment& segment, std::uint64_t limit)
      : fd_(std::move(fd)), segment_(segment), limit_(limit) {}

  UniqueFd fd_;
  Segment segment_;
  std::uint64_t limit_;  // bytes of the segment that belong to the log
  std::string buffer_;
};

// The next position behind `from` with a whole header, or the segment's end. Only walked after
// damage, so a plain search is enough.
Result<std::uint64_t> resync(SegmentReader& reader, std::uint64_t from) {
  constexpr std::uint64_t kWindow = 1u << 20;
  for (std::uint64_t at = from; at < reader.end(); at += kWindow) {
    auto bytes = reader.read(at, kWindow + kRecordHeaderBytes);
    if (!bytes) return bytes.error();
    for (std::size_t i = 0; i < bytes->size() && i < kWindow; ++i)
      if (parse_header(bytes->substr(i), at + i)) return at + i;
  }
  return reader.end();
}

// Walks one segment from `position` on; leaves `position` behind its last whole record.
Result<void> scan_segment(SegmentReader& reader, std::uint64_t& position, std::uint64_t until,
                          LogScan& scan, const RecordVisitor& visit) {
  std::uint64_t at = position;
  while (at < reader.end() && at < until) {
    auto head = reader.read(at, kRecordHeaderBytes);
    if (!head) return head.error();
    const auto header = parse_header(*head, at);
    bool whole = header.has_value() && header->end() <= reader.end();
    if (whole) {
      auto payload = reader.read(at + kRecordHeaderBytes, header->payload_bytes);
      if (!payload) return payload.error();
      whole = payload->size() == header->payload_bytes &&
              payload_checksum(*payload) == header->payload_checksum;
      if (whole) {
        scan.corrupt_bytes += at - position;  // what was skipped to come here
        visit(*header, *payload);
        position = at = header->end();
      }
    }
    if (!whole) {
      auto next = resync(reader, at + 1);
      if (!next) return next.error();
      at = *next;
    }
  }
  return {};
}

}  // namespace

std::string segment_path(const std::string& log_dir, std::uint64_t first) {
  return fmt::format("{}/{:016x}.log", log_dir, first);
}

Result<std::vector<Segment>> list_segments(const std::string& log_dir) {
  std::vector<Segment> segments;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(log_dir, error)) {
    const std::string name = entry.path().filename().string();
    if (name.size() != 20 || !name.ends_with(".log")) continue;
    const auto first = parse_hex64(std::string_view(name).substr(0, 16));
    std::error_code size_error;
    const std::uint64_t bytes = entry.file_size(size_error);
    if (first && !size_error) segments.push_back({*first, entry.path().string(), bytes});
  }
  if (error) return Error{Code::io, "cannot list the log: " + error.message(), log_dir};
  std::sort(segments.begin(), segments.end(),
            [](const Segment& a, const Segment& b) { return a.first < b.first; });
  return segments;
}

Result<LogScan> scan_log(const std::string& log_dir, std::uint64_t from, std::uint64_t until,
                         const RecordVisitor& visit) {
  auto segments = list_segments(log_dir);
  if (!segments) return segments.error();
  LogScan scan{.end = from};
  for (std::size_t i = 0; i < segments->size(); ++i) {
    const Segment& segment = (*segments)[i];
    const bool last = i + 1 == segments->size();
    const std::uint64_t limit = last ? segment.bytes : (*segments)[i + 1].first - segment.first;
    if (segment.first >= until) break;
    if (!last && (*segments)[i + 1].first <= from) continue;
    auto reader = SegmentReader::open(segment, limit);
    if (!reader) return reader.error();
    std::uint64_t position = std::max(segment.first, from);
    CATALEJO_TRY(scan_segment(*reader, position, until, scan, visit));
    if (position < reader->end() && position < until) {
      const std::uint64_t rest = reader->end() - position;
      (last ? scan.torn_bytes : scan.corrupt_bytes) += rest;
    }
    scan.end = std::max(scan.end, position);
  }
  return scan;
}

}  // namespace catalejo::store
