// The part of LogWriter that touches the disk: recovery at start, and writing one group.
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "base/log.hpp"
#include "store/wal/checkpoint.hpp"
#include "store/wal/segments.hpp"
#include "store/wal/writer.hpp"

namespace catalejo::store {
namespace {

constexpr std::size_t kPiecesPerWrite = 1024;  // IOV_MAX of Linux

// What recovery collects while it walks over the log.
struct Recovery {
  std::uint64_t checkpoint = 0;
  std::vector<SealedBatch> batches = {};
  std::uint64_t first = 0, rows = 0, bytes = 0;  // since the last cut
  bool too_new = false;

  void see(const RecordHeader& header) {
    if (header.position < checkpoint) return;
    if (header.kind == RecordKind::rows) {
      if (columns_of(Table::spans, header.row_version).empty()) too_new = true;
      if (rows == 0) first = header.position;
      rows += header.rows;
      bytes += header.payload_bytes;
      return;
    }
    if (rows > 0)
      batches.push_back(
          {.first = first, .cut = header.position, .end = header.end(), .rows_count = rows});
    rows = bytes = 0;
  }
};

}  // namespace

Result<void> LogWriter::recover() {
  const std::string& dir = options_.log_dir;
  auto checkpoint = load_checkpoint(dir);
  if (!checkpoint) return checkpoint.error();
  CATALEJO_TRY(visit_saved_ids(dir, [&](Hash128 id) { ids_.insert(id); }));
  Recovery found{.checkpoint = *checkpoint};
  auto scan = scan_log(dir, 0, UINT64_MAX, [&](const RecordHeader& header, std::string_view rows) {
    found.see(header);
    each_row(rows, [&](const RowHead& head, std::string_view row) {
      const RowKeys keys = keys_of_row(head.table, row);
      if (keys.has_llm) ids_.insert(keys.llm);
      if (keys.has_apm) ids_.insert(keys.apm);
    });
  });
  if (!scan) return scan.error();
  if (found.too_new)
    return Error{Code::corrupt, "the log was written by a newer version of this program", dir};
  if (scan->corrupt_bytes > 0) {
    options_.counters->counter("catalejo_log_corrupt_bytes_total").add(scan->corrupt_bytes);
    log::error("store", "{} bytes of the log are damaged and were skipped: rows are lost [{}]",
               scan->corrupt_bytes, dir);
  }
  if (scan->torn_bytes > 0)
    log::info("store", "cut {} bytes that were being written when the program ended",
              scan->torn_bytes);
  end_ = std::max(scan->end, *checkpoint);
  CATALEJO_TRY(adopt_last_segment());
  Progress& progress = *options_.progress;
  progress.log_end = end_;
  progress.active_first = segment_ ? segment_first_ : end_;
  for (SealedBatch& batch : found.batches) {
    progress.rows_logged += batch.rows_count;
    ++progress.batches_waiting;
    options_.on_sealed(std::move(batch));
  }
  progress.inserted_end = *checkpoint;
  if (found.rows == 0 && found.batches.empty()) progress.inserted_end = end_;
  if (found.rows > 0) {
    // Cut by the thread as soon as it runs; the rows are read from the log.
    open_.first = found.first;
    open_.rows = found.rows;
    open_.bytes = found.bytes;
    open_.in_memory = false;
    progress.rows_logged += found.rows;
  }
  return {};
}

// Goes on writing in the last segment, cut to its last whole record and made durable.
Result<void> LogWriter::adopt_last_segment() {
  auto segments = list_segments(options_.log_dir);
  if (!segments) return segments.error();
  if (segments->empty()) return {};
  const Segment& last = segments->back();
  if (end_ < last.first || end_ > last.first + last.bytes) return {};
  UniqueFd fd(::open(last.path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) return errno_error("open", last.path);
  const std::uint64_t whole = end_ - last.first;
  if (whole < last.bytes && options_.disk->truncate(fd.get(), static_cast<off_t>(whole)) != 0)
    return errno_error("truncate", last.path);
  if (options_.disk->sync(fd.get()) != 0) return errno_error("fdatasync", last.path);
  segment_ = std::move(fd);
  segment_first_ = last.first;
  return {};
}

Result<void> LogWriter::check_room(std::uint64_t bytes, bool only_a_cut) {
  // A cut is what makes room; it may always be tried.
  if (only_a_cut) return {};
  const std::uint64_t waiting =
      end_ - std::min<std::uint64_t>(end_, options_.progress->inserted_end);
  if (waiting + bytes > options_.log_bytes_max)
    return Error{Code::disk_full,
                 fmt::format("the database is {} MiB behind, the log may hold {} MiB",
                             waiting >> 20, options_.log_bytes_max >> 20)};
  const Disk::Space space = options_.disk->space(options_.log_dir);
  const std::uint64_t keep = std::min(limits::disk_free_bytes_min, space.total / 20);
  if (space.free < keep + bytes)
    return Error{Code::disk_full,
                 fmt::format("the disk has {} MiB left; free some space", space.free >> 20),
                 options_.log_dir};
  return {};
}

Result<void> LogWriter::prepare_segment(std::uint64_t bytes) {
  const std::uint64_t used = end_ - segment_first_;
  if (segment_ && used > 0 && used + bytes > options_.segment_bytes) segment_ = {};
  if (segment_) return {};
  const std::string path = segment_path(options_.log_dir, end_);
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd) return errno_error("create", path);
  CATALEJO_TRY(sync_directory(options_.log_dir));
  segment_ = std::move(fd);
  segment_first_ = end_;
  options_.progress->active_first = end_;
  return {};
}

Result<void> LogWriter::write_pieces() {
  std::vector<iovec> pieces;
  for (Planned& planned : planned_) {
    pieces.push_back({planned.bytes.data(), planned.bytes.size()});
    if (planned.batch)
      pieces.push_back(
          {const_cast<char*>(planned.batch->payload.data()), planned.batch->payload.size()});
  }
  std::uint64_t at = end_ - segment_first_;
  for (std::size_t next = 0; next < pieces.size();) {
    const auto count = static_cast<int>(std::min(kPiecesPerWrite, pieces.size() - next));
    const ssize_t put =
        options_.disk->write(segment_.get(), &pieces[next], count, static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno_error("write the log", options_.log_dir);
    at += static_cast<std::uint64_t>(put);
    for (auto rest = static_cast<std::size_t>(put); rest > 0;) {
      const std::size_t taken = std::min(rest, pieces[next].iov_len);
      pieces[next].iov_base = static_cast<char*>(pieces[next].iov_base) + taken;
      pieces[next].iov_len -= taken;
      rest -= taken;
      if (pieces[next].iov_len == 0) ++next;
    }
    while (next < pieces.size() && pieces[next].iov_len == 0) ++next;
  }
  return {};
}

// Nothing of a failed group may be found by a later recovery as if it had been acknowledged
// before its neighbours; when even that fails the segment is left alone, and the next one begins
// at end_, which ends this one there.
void LogWriter::take_back_write() {
  if (options_.disk->truncate(segment_.get(), static_cast<off_t>(end_ - segment_first_)) != 0)
    segment_ = {};
}

Result<void> LogWriter::write_planned() {
  const std::uint64_t bytes = planned_end_ - end_;
  const bool only_a_cut = planned_.size() == 1 && !planned_.front().batch;
  CATALEJO_TRY(check_room(bytes, only_a_cut));
  CATALEJO_TRY(prepare_segment(bytes));
  if (auto written = write_pieces(); !written) {
    take_back_write();
    return written.error();
  }
  if (options_.disk->sync(segment_.get()) != 0) {
    const Error error = errno_error("fdatasync the log", options_.log_dir);
    // After a failed sync the kernel may have thrown the pages away and say so only once: this
    // file is never trusted again.
    take_back_write();
    segment_ = {};
    return error;
  }
  return {};
}

}  // namespace catalejo::store
