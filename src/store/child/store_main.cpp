// catalejo-store: the process that hosts libchdb for one data folder. Started by `catalejo`, which
// restarts it when it dies; it ends with its parent. Apart, because the engine is 566 MB, wants a
// memory ceiling of its own, cannot shut down cleanly once it has tables, and may crash.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>

#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/child/engine_config.hpp"
#include "store/child/service.hpp"

namespace catalejo::store {
namespace {

struct Options {
  std::string data_dir;
  std::uint64_t memory_bytes_max = 1u << 30;
  int parent_pid = 0;
};

constexpr int kExitUsage = 2, kExitFailed = 1;
constexpr int kLockSeconds = 30;  // an engine that is being killed lets go well before
constexpr int kQuietDeadlineMs = 8'000;

std::optional<Options> parse_options(int count, char** values) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = values[i];
    const std::string value = values[i + 1];
    const auto number = parse_decimal64(value);
    if (name == "--data-dir") {
      options.data_dir = value;
    } else if (name == "--memory-bytes-max" && number) {
      options.memory_bytes_max = *number;
    } else if (name == "--parent-pid" && number) {
      options.parent_pid = static_cast<int>(*number);
    } else {
      return std::nullopt;
    }
  }
  if (count % 2 == 0 || !options.data_dir.starts_with('/')) return std::nullopt;
  return options;
}

// $CATALEJO_LIBCHDB, beside this program, or where the package puts it.
std::string find_library() {
  if (const char* named = std::getenv("CATALEJO_LIBCHDB"); named && *named) return named;
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  std::string beside = (self.parent_path() / "libchdb.so").string();
  if (::access(beside.c_str(), R_OK) == 0) return beside;
  return "/usr/lib/catalejo/libchdb.so";
}

// Two engines on one folder would destroy it. Held until the process ends, whatever way it ends.
Result<void> lock_folder(const std::string& data_dir) {
  const std::string path = data_dir + "/chdb.lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return errno_error("open", path);
  for (int tries = 0; tries < kLockSeconds * 20; ++tries) {
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return Error{Code::busy, "another catalejo-store uses this folder", data_dir};
}

Result<UniqueFd> listen_on(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error{Code::config, "the data folder's path is too long for a Unix socket", path};
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return errno_error("make a socket", path);
  ::unlink(path.c_str());
  const mode_t before = ::umask(0177);
  const int bound = ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  ::umask(before);
  if (bound != 0) return errno_error("bind", path);
  if (::listen(fd.get(), 64) != 0) return errno_error("listen", path);
  return fd;
}

Result<std::vector<Service::Session>> open_sessions(Engine& engine) {
  std::vector<Service::Session> sessions;
  // One for the inserts, one for each query thread, one for the keeper's statements.
  for (int i = 0; i < limits::query_threads + limits::brief_query_threads + 2; ++i) {
    auto connection = engine.connect();
    if (!connection) return connection.error();
    sessions.push_back({std::move(*connection)});
  }
  return sessions;
}

Result<void> serve(const Options& options) {
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  CATALEJO_TRY(lock_folder(options.data_dir));
  const std::string folder = options.data_dir + "/chdb";
  CATALEJO_TRY(make_directories(folder));
  const std::string config = options.data_dir + "/chdb.xml";
  CATALEJO_TRY(write_file_durably(config, engine_config(options.memory_bytes_max)));
  auto engine = Engine::open(find_library(), folder, config);
  if (!engine) return engine.error();
  auto sessions = open_sessions(**engine);
  if (!sessions) return sessions.error();
  auto listening = listen_on(options.data_dir + "/store.socket");
  if (!listening) return listening.error();
  static Service service(std::move(*sessions), session_settings(options.memory_bytes_max));
  std::thread([fd = listening->get()] { service.accept_forever(fd); }).detach();
  int signal_number = 0;
  sigwait(&stop_signals, &signal_number);
  if (!service.quiesce(kQuietDeadlineMs))
    log::warn("store-child", "ended while a statement was running; the log replays it");
  // libchdb cannot shut down with tables open; it is as good as killed at a quiet point.
  ::_exit(0);
}

}  // namespace
}  // namespace catalejo::store

int main(int count, char** values) {
  using namespace catalejo;
  const auto options = store::parse_options(count, values);
  if (!options) {
    fmt::print(stderr,
               "usage: catalejo-store --data-dir <absolute folder> [--memory-bytes-max <n>] "
               "[--parent-pid <pid>]\nStarted by `catalejo`; not meant to be run by hand.\n");
    return store::kExitUsage;
  }
  if (options->parent_pid != 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != options->parent_pid) return store::kExitFailed;  // died in between
  }
  const auto served = store::serve(*options);
  log::error("store-child", "{}", to_string(served.error()));
  ::_exit(store::kExitFailed);
}
