// A log folder with any bytes in its segment: reading it never reads out of bounds, visits only
// whole records, and goes on to the end.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "store/batch/batch_rows.hpp"
#include "store/wal/segments.hpp"

using namespace catalejo::store;

namespace {

// Gone with the process.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("catalejo-log-fuzz-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path() const { return path_.string(); }

 private:
  const std::filesystem::path path_;
};

// Without a right checksum nothing behind the header is reached: every second input gets one.
std::string with_checksums(std::string_view payload) {
  RecordHeader header{.kind = RecordKind::rows,
                      .row_version = kRowVersion,
                      .position = 0,
                      .payload_bytes = static_cast<std::uint32_t>(payload.size()),
                      .rows = 1,
                      .payload_checksum = payload_checksum(payload)};
  const HeaderBytes bytes = encode_header(header);
  return std::string(bytes.data(), bytes.size()) + std::string(payload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const Folder folder;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string content = data[0] % 2 == 0 ? std::string(bytes) : with_checksums(bytes);
  std::ofstream(segment_path(folder.path(), 0), std::ios::binary | std::ios::trunc) << content;
  BatchRows rows;
  const auto scan = scan_log(folder.path(), 0, UINT64_MAX,
                             [&](const RecordHeader& header, std::string_view payload) {
                               each_row(payload, [](const RowHead& head, std::string_view row) {
                                 (void)keys_of_row(head.table, row);
                               });
                               rows.add(header.row_version, std::string(payload));
                             });
  if (!scan || scan->end > content.size()) std::abort();
  return 0;
}
