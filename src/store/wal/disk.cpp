#include "store/wal/disk.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <limits>

namespace catalejo::store {

ssize_t Disk::write(int fd, const iovec* pieces, int count, off_t at) {
  return ::pwritev(fd, pieces, count, at);
}

int Disk::sync(int fd) {
  return ::fdatasync(fd);
}

int Disk::truncate(int fd, off_t size) {
  return ::ftruncate(fd, size);
}

Disk::Space Disk::space(const std::string& folder) {
  struct statvfs stats {};
  // A file system that cannot say counts as roomy: the write itself will tell.
  if (::statvfs(folder.c_str(), &stats) != 0) return {std::numeric_limits<std::uint64_t>::max(), 0};
  return {static_cast<std::uint64_t>(stats.f_bavail) * stats.f_frsize,
          static_cast<std::uint64_t>(stats.f_blocks) * stats.f_frsize};
}

}  // namespace catalejo::store
