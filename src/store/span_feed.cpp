#include "store/span_feed.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <optional>

#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "store/batch/encoded_batch.hpp"
#include "store/wal/progress.hpp"
#include "store/wal/segments.hpp"

namespace catalejo::store {
namespace {

constexpr std::string_view kHead = "catalejo log read 1\nposition ";
// Of the log at a time: what is read is short of memory, and a stop is heard soon.
constexpr std::uint64_t kStretchBytes = 4u << 20;

Result<std::optional<std::uint64_t>> load(const std::string& path) {
  auto content = read_file(path);
  if (!content && content.error().code == Code::not_found) return std::optional<std::uint64_t>();
  if (!content) return content.error();
  std::string_view text = *content;
  if (text.starts_with(kHead)) {
    text.remove_prefix(kHead.size());
    if (const auto position = parse_hex64(text.substr(0, text.find('\n')))) return position;
  }
  log::warn("store", "{} cannot be read: evaluators go on with new spans", path);
  return std::optional<std::uint64_t>();
}

}  // namespace

Result<std::unique_ptr<SpanFeed>> SpanFeed::open(const std::string& log_dir, std::string log_id,
                                                 Progress& progress) {
  std::unique_ptr<SpanFeed> feed(new SpanFeed(log_dir, std::move(log_id), progress));
  auto position = load(log_dir + "/read");
  if (!position) return position.error();
  // Of another log, or of this one before its end was lost: there is nothing behind the end.
  feed->position_ =
      std::min<std::uint64_t>(position->value_or(progress.inserted_end), progress.log_end);
  if (*position) progress.read_end = feed->position_;
  return feed;
}

Result<void> SpanFeed::begin() {
  return save(position_);
}

Result<bool> SpanFeed::read_on(const Visitor& visitor) {
  const std::uint64_t gone = progress_.purged_end;
  if (gone > position_) position_ = gone;  // given up; purge counted it
  const std::uint64_t end = progress_.inserted_end;
  if (position_ >= end) return false;
  const std::uint64_t until = std::min(end, position_ + kStretchBytes);
  auto scanned = scan_log(
      log_dir_, position_, until, [&](const RecordHeader& header, std::string_view payload) {
        if (header.kind == RecordKind::cut) {
          visitor.on_batch(header.end(), fmt::format("{}:{:x}", log_id_, header.position));
          return;
        }
        each_row(payload, [&](const RowHead& head, std::string_view row) {
          if (head.table == Table::spans) visitor.on_span(header.row_version, row);
        });
      });
  if (!scanned) return scanned.error();
  // Damaged stretches hold no record at all: they are passed over.
  position_ = std::max(scanned->end, until);
  return true;
}

Result<void> SpanFeed::save(std::uint64_t position) {
  CATALEJO_TRY(write_file_durably(log_dir_ + "/read", fmt::format("{}{:016x}\n", kHead, position)));
  progress_.read_end = position;
  return {};
}

Result<void> SpanFeed::leave() {
  const std::string path = log_dir_ + "/read";
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return errno_error("unlink", path);
  progress_.read_end = std::numeric_limits<std::uint64_t>::max();
  return {};
}

void SpanFeed::rewind() {
  position_ = progress_.read_end;
}

std::uint64_t SpanFeed::behind_bytes() const {
  const std::uint64_t read = progress_.read_end, end = progress_.inserted_end;
  return end > read ? end - read : 0;
}

std::uint64_t SpanFeed::skipped_bytes() const {
  return progress_.unread_bytes;
}

}  // namespace catalejo::store
