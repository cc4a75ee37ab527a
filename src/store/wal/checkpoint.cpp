#include "store/wal/checkpoint.hpp"

#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <vector>

#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "store/batch/encoded_batch.hpp"
#include "store/wal/segments.hpp"

namespace catalejo::store {
namespace {

constexpr std::string_view kCheckpointHead = "catalejo log checkpoint 1\nposition ";

std::string ids_path(const std::string& log_dir, std::uint64_t first) {
  return fmt::format("{}/{:016x}.ids", log_dir, first);
}

Result<std::vector<Segment>> list_ids_files(const std::string& log_dir) {
  std::vector<Segment> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(log_dir, error)) {
    const std::string name = entry.path().filename().string();
    if (name.size() != 20 || !name.ends_with(".ids")) continue;
    const auto first = parse_hex64(std::string_view(name).substr(0, 16));
    std::error_code size_error;
    const std::uint64_t bytes = entry.file_size(size_error);
    if (first && !size_error) files.push_back({*first, entry.path().string(), bytes});
  }
  if (error) return Error{Code::io, "cannot list the log: " + error.message(), log_dir};
  std::sort(files.begin(), files.end(),
            [](const Segment& a, const Segment& b) { return a.first < b.first; });
  return files;
}

void add_ids(std::string& bytes, const RowKeys& keys) {
  const auto add = [&](const Hash128& id) {
    bytes.append(reinterpret_cast<const char*>(&id.high), 8);
    bytes.append(reinterpret_cast<const char*>(&id.low), 8);
  };
  if (keys.has_llm) add(keys.llm);
  if (keys.has_apm) add(keys.apm);
}

Result<void> save_ids(const std::string& log_dir, std::uint64_t first, std::uint64_t end) {
  std::string ids;
  auto scanned = scan_log(log_dir, first, end, [&](const RecordHeader&, std::string_view payload) {
    each_row(payload, [&](const RowHead& head, std::string_view row) {
      add_ids(ids, keys_of_row(head.table, row));
    });
  });
  if (!scanned) return scanned.error();
  return write_file_durably(ids_path(log_dir, first), ids);
}

Result<void> forget_old_ids(const std::string& log_dir, std::size_t ids_max) {
  auto files = list_ids_files(log_dir);
  if (!files) return files.error();
  std::uint64_t ids = 0;
  for (auto file = files->rbegin(); file != files->rend(); ++file) {
    if (ids >= ids_max) ::unlink(file->path.c_str());
    ids += file->bytes / sizeof(Hash128);
  }
  return {};
}

}  // namespace

Result<std::string> load_or_make_log_id(const std::string& log_dir) {
  const std::string path = log_dir + "/id";
  auto content = read_file(path);
  if (content && content->size() == 16 && parse_hex64(*content)) return *content;
  if (!content && content.error().code != Code::not_found) return content.error();
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != sizeof random)
    return errno_error("get random bytes for", path);
  const std::string id = fmt::format("{:016x}", random);
  CATALEJO_TRY(write_file_durably(path, id));
  return id;
}

Result<std::uint64_t> load_checkpoint(const std::string& log_dir) {
  const std::string path = log_dir + "/checkpoint";
  auto content = read_file(path);
  if (!content && content.error().code == Code::not_found) return std::uint64_t{0};
  if (!content) return content.error();
  std::string_view text = *content;
  if (text.starts_with(kCheckpointHead)) {
    text.remove_prefix(kCheckpointHead.size());
    const auto position = parse_hex64(text.substr(0, text.find('\n')));
    if (position) return *position;
  }
  return Error{Code::corrupt,
               "the checkpoint of the log cannot be read; without it rows would be "
               "inserted twice. Restore it, or delete it to insert the whole log again",
               path};
}

Result<void> save_checkpoint(const std::string& log_dir, std::uint64_t position) {
  return write_file_durably(log_dir + "/checkpoint",
                            fmt::format("{}{:016x}\n", kCheckpointHead, position));
}

Result<void> purge_segments(const std::string& log_dir, std::uint64_t checkpoint,
                            std::uint64_t active_first, std::size_t ids_max) {
  auto segments = list_segments(log_dir);
  if (!segments) return segments.error();
  bool purged = false;
  for (std::size_t i = 0; i < segments->size(); ++i) {
    const Segment& segment = (*segments)[i];
    const std::uint64_t end =
        i + 1 < segments->size() ? (*segments)[i + 1].first : segment.first + segment.bytes;
    if (end > checkpoint || segment.first >= active_first) break;
    CATALEJO_TRY(save_ids(log_dir, segment.first, end));
    if (::unlink(segment.path.c_str()) != 0) return errno_error("delete", segment.path);
    purged = true;
  }
  if (!purged) return {};
  return forget_old_ids(log_dir, ids_max);
}

Result<void> visit_saved_ids(const std::string& log_dir,
                             const std::function<void(Hash128)>& visit) {
  auto files = list_ids_files(log_dir);
  if (!files) return files.error();
  for (const Segment& file : *files) {
    auto content = read_file(file.path);
    if (!content) return content.error();
    for (std::size_t at = 0; at + sizeof(Hash128) <= content->size(); at += sizeof(Hash128)) {
      Hash128 id;
      std::memcpy(&id.high, content->data() + at, 8);
      std::memcpy(&id.low, content->data() + at + 8, 8);
      visit(id);
    }
  }
  return {};
}

}  // namespace catalejo::store
