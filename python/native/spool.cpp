#include "spool.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace catalejo::tracer {
namespace {

constexpr std::string_view kLockSuffix = ".lock";
constexpr std::string_view kFileSuffix = ".json";
constexpr std::string_view kPartSuffix = ".part";
constexpr std::size_t kFileBytesMax = 64u << 20;
constexpr int kNameTries = 8;

class OpenFile {
 public:
  OpenFile(int folder, const std::string& name, int flags)
      : fd_(::openat(folder, name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

std::vector<std::string> names_in(int folder) {
  std::vector<std::string> names;
  const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* entries = copy >= 0 ? ::fdopendir(copy) : nullptr;
  if (entries == nullptr) {
    if (copy >= 0) ::close(copy);
    return names;
  }
  while (const dirent* entry = ::readdir(entries)) names.emplace_back(entry->d_name);
  ::closedir(entries);
  std::sort(names.begin(), names.end());
  return names;
}

std::string_view owner_of(std::string_view name) {
  return name.substr(0, name.find('.'));
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string read_all(int fd, std::size_t bytes) {
  std::string out(bytes, '\0');
  std::size_t at = 0;
  while (at < bytes) {
    const ssize_t received = ::read(fd, out.data() + at, bytes - at);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return {};
    at += static_cast<std::size_t>(received);
  }
  return out;
}

// The third and fourth part of OWNER.SEQUENCE.KIND.EVENTS.json.
bool parse_name(std::string_view name, Kind& kind, std::size_t& events) {
  if (!name.ends_with(kFileSuffix)) return false;
  name.remove_suffix(kFileSuffix.size());
  const std::size_t last = name.rfind('.');
  if (last == std::string_view::npos || last < 2 || name[last - 2] != '.') return false;
  kind = name[last - 1] == 'e' ? Kind::evaluation : Kind::span;
  const std::string_view digits = name.substr(last + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), events);
  return error == std::errc() && end == digits.data() + digits.size() && events < 100'000'000;
}

bool is_mine(const struct stat& status) {
  return S_ISREG(status.st_mode) && status.st_uid == ::geteuid();
}

}  // namespace

std::unique_ptr<Spool> Spool::open(const std::string& folder, std::size_t bytes_max,
                                   std::string& error) {
  ::mkdir(folder.c_str(), 0700);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    error = "spool " + folder + ": " + ::strerror(errno);
    return nullptr;
  }
  std::unique_ptr<Spool> spool(new Spool(fd, bytes_max));
  if (!spool->claim_name()) {
    error = "spool " + folder + ": cannot be written to";
    return nullptr;
  }
  spool->adopt();
  return spool;
}

Spool::~Spool() {
  if (lock_ >= 0 && files_.empty()) ::unlinkat(folder_, (owner_ + ".lock").c_str(), 0);
  abandon_after_fork();
}

void Spool::abandon_after_fork() {
  if (lock_ >= 0) ::close(std::exchange(lock_, -1));
  if (folder_ >= 0) ::close(std::exchange(folder_, -1));
}

// A name of our own, and the lock that says it is in use.
bool Spool::claim_name() {
  for (int tries = 0; tries < kNameTries; ++tries) {
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    owner_ = std::to_string(now) + "-" + std::to_string(::getpid());
    const std::string name = owner_ + std::string(kLockSuffix);
    OpenFile file(folder_, name, O_RDWR | O_CREAT | O_EXCL);
    if (file.fd() < 0) return false;
    struct stat here {
    }, there{};
    // Between creation and lock another process may have taken it for that of a dead one.
    if (::flock(file.fd(), LOCK_EX | LOCK_NB) == 0 && ::fstat(file.fd(), &here) == 0 &&
        ::fstatat(folder_, name.c_str(), &there, 0) == 0 && here.st_ino == there.st_ino) {
      lock_ = file.release();
      return true;
    }
  }
  return false;
}

// Takes over the files of processes that have ended: those whose lock nobody holds.
void Spool::adopt() {
  const std::vector<std::string> names = names_in(folder_);
  std::string_view owner;
  bool dead = false;
  std::unique_ptr<OpenFile> lock;
  for (const std::string& name : names) {
    if (name.front() == '.' || owner_of(name) == owner_) continue;
    if (owner_of(name) != owner) {
      owner = owner_of(name);
      const std::string lock_name = std::string(owner) + std::string(kLockSuffix);
      lock = std::make_unique<OpenFile>(folder_, lock_name, O_RDWR);
      struct stat status {};
      dead = lock->fd() < 0 ? errno == ENOENT
                            : ::fstat(lock->fd(), &status) == 0 && is_mine(status) &&
                                  ::flock(lock->fd(), LOCK_EX | LOCK_NB) == 0;
    }
    if (!dead) continue;
    if (name.ends_with(kPartSuffix) || name.ends_with(kLockSuffix)) {
      ::unlinkat(folder_, name.c_str(), 0);
    } else {
      adopt_file(name);
    }
  }
}

void Spool::adopt_file(const std::string& name) {
  File entry;
  struct stat status {};
  if (!parse_name(name, entry.kind, entry.events) ||
      ::fstatat(folder_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !is_mine(status)) {
    return;
  }
  entry.name = next_name(entry.kind, entry.events);
  entry.adopted = true;
  if (::renameat(folder_, name.c_str(), folder_, entry.name.c_str()) != 0) return;
  files_.push_back(std::move(entry));
}

std::size_t Spool::events() const {
  std::size_t events = 0;
  for (const File& entry : files_) events += entry.events;
  return events;
}

std::string Spool::next_name(Kind kind, std::size_t events) {
  std::string sequence = std::to_string(++sequence_);
  sequence.insert(0, 8 - std::min<std::size_t>(8, sequence.size()), '0');
  return owner_ + "." + sequence + (kind == Kind::span ? ".s." : ".e.") + std::to_string(events) +
         std::string(kFileSuffix);
}

std::size_t Spool::bytes_on_disk() const {
  std::size_t bytes = 0;
  for (const std::string& name : names_in(folder_)) {
    struct stat status {};
    if (name.ends_with(kFileSuffix) &&
        ::fstatat(folder_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
      bytes += static_cast<std::size_t>(status.st_size);
    }
  }
  return bytes;
}

bool Spool::store(const Batch& batch) {
  if (batch.body.size() > kFileBytesMax || bytes_on_disk() + batch.body.size() > bytes_max_) {
    return false;
  }
  const std::string name = next_name(batch.kind, batch.events);
  const std::string part = owner_ + std::string(kPartSuffix);
  {
    OpenFile file(folder_, part, O_WRONLY | O_CREAT | O_TRUNC);
    if (file.fd() < 0 || !write_all(file.fd(), batch.body) || ::fsync(file.fd()) != 0) {
      ::unlinkat(folder_, part.c_str(), 0);
      return false;
    }
  }
  if (::renameat(folder_, part.c_str(), folder_, name.c_str()) != 0) return false;
  ::fsync(folder_);
  files_.push_back({name, batch.kind, batch.events, batch.written});
  return true;
}

Batch Spool::front() const {
  const File& entry = files_.front();
  Batch batch{.kind = entry.kind,
              .events = entry.events,
              .attempted = true,
              .written = entry.written,
              .from_spool = true,
              .adopted = entry.adopted};
  const OpenFile file(folder_, entry.name, O_RDONLY);
  struct stat status {};
  if (file.fd() < 0 || ::fstat(file.fd(), &status) != 0 || !is_mine(status) ||
      static_cast<std::size_t>(status.st_size) > kFileBytesMax) {
    return batch;
  }
  batch.body = read_all(file.fd(), static_cast<std::size_t>(status.st_size));
  return batch;
}

void Spool::drop_front() {
  ::unlinkat(folder_, files_.front().name.c_str(), 0);
  files_.pop_front();
}

}  // namespace catalejo::tracer
