// The four system calls of the log writer that can fail for want of space or a broken disk, so
// that tests can make them fail. Used by the writer's thread only.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstdint>
#include <string>

namespace catalejo::store {

class Disk {
 public:
  virtual ~Disk() = default;
  // As pwritev, fdatasync and ftruncate: -1 and errno on failure.
  virtual ssize_t write(int fd, const iovec* pieces, int count, off_t at);
  virtual int sync(int fd);
  virtual int truncate(int fd, off_t size);
  // What an unprivileged process may still write in the file system of `folder`, and its size.
  struct Space {
    std::uint64_t free = 0, total = 0;
  };
  virtual Space space(const std::string& folder);
};

}  // namespace catalejo::store
