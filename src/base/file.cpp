#include "base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace catalejo {

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) ::close(fd_);
}

Error errno_error(std::string_view doing, std::string_view path) {
  const int number = errno;
  const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  return {full ? Code::disk_full : Code::io,
          fmt::format("cannot {}: {}", doing, std::strerror(number)), std::string(path)};
}

Result<std::string> read_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return Error{Code::not_found, "no such file", path};
    return errno_error("open", path);
  }
  std::string content;
  char buffer[65'536];
  while (true) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("read", path);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
  }
}

Result<void> write_file_durably(const std::string& path, std::string_view content, unsigned mode) {
  const std::string beside = path + ".tmp";
  {
    const UniqueFd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                             static_cast<mode_t>(mode)));
    if (!fd) return errno_error("create", beside);
    std::string_view rest = content;
    while (!rest.empty()) {
      const ssize_t put = ::write(fd.get(), rest.data(), rest.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return errno_error("write", beside);
      rest.remove_prefix(static_cast<std::size_t>(put));
    }
    if (::fsync(fd.get()) != 0) return errno_error("fsync", beside);
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return errno_error("rename", beside);
  return sync_directory(std::filesystem::path(path).parent_path().string());
}

Result<void> sync_directory(const std::string& path) {
  const std::string folder = path.empty() ? "." : path;
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return errno_error("open", folder);
  if (::fsync(fd.get()) != 0) return errno_error("fsync", folder);
  return {};
}

Result<void> make_directories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Error{Code::io, "cannot create the folder: " + error.message(), path};
  return {};
}

}  // namespace catalejo
