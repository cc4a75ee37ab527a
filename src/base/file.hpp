// Files as values with an owner. Every call that touches the disk returns what went wrong.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace catalejo {

class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~UniqueFd();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }  // the caller closes it
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Error{io or disk_full} from errno: "cannot open /x: No such file or directory".
Error errno_error(std::string_view doing, std::string_view path);

Result<std::string> read_file(const std::string& path);
// Writes beside, fsyncs, renames over, fsyncs the folder: either the old or the new content.
Result<void> write_file_durably(const std::string& path, std::string_view content,
                                unsigned mode = 0600);
Result<void> sync_directory(const std::string& path);
Result<void> make_directories(const std::string& path);

}  // namespace catalejo
