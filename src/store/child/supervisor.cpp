#include "store/child/supervisor.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/log.hpp"

namespace catalejo::store {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPauseMin = std::chrono::milliseconds(100);
constexpr auto kPauseMax = std::chrono::milliseconds(10'000);
// A child that lived this long was well; the next pause is short again.
constexpr auto kWell = std::chrono::seconds(20);

}  // namespace

Supervisor::Supervisor(SupervisorOptions options)
    : options_(std::move(options)),
      restarts_counter_(options_.counters->counter("catalejo_store_restarts_total")) {}

Result<std::unique_ptr<Supervisor>> Supervisor::start(SupervisorOptions options) {
  if (::access(options.binary.c_str(), X_OK) != 0)
    return Error{Code::config, "catalejo-store is missing", options.binary};
  std::unique_ptr<Supervisor> supervisor(new Supervisor(std::move(options)));
  supervisor->thread_ = std::thread([raw = supervisor.get()] { raw->run(); });
  return supervisor;
}

Supervisor::~Supervisor() {
  stop(0);
}

std::string Supervisor::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

int Supervisor::spawn() {
  const std::string memory = std::to_string(options_.memory_bytes_max);
  const std::string parent = std::to_string(::getpid());
  const char* arguments[] = {options_.binary.c_str(), "--data-dir",   options_.data_dir.c_str(),
                             "--memory-bytes-max",    memory.c_str(), "--parent-pid",
                             parent.c_str(),          nullptr};
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  // Its own group: Ctrl-C in a terminal is for the parent, which stops the child in order.
  sigset_t none, defaults;
  sigemptyset(&none);
  sigfillset(&defaults);
  ::posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  pid_t pid = -1;
  errno = ::posix_spawn(&pid, options_.binary.c_str(), nullptr, &attributes,
                        const_cast<char**>(arguments), environ);
  ::posix_spawnattr_destroy(&attributes);
  return errno == 0 ? pid : -1;
}

std::string Supervisor::wait_for_end(int pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return fmt::format("was killed by signal {}", WTERMSIG(status));
  return fmt::format("ended with status {}", WEXITSTATUS(status));
}

void Supervisor::run() {
  auto pause = kPauseMin;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto started = Clock::now();
    const int pid = spawn();
    std::string how;
    if (pid < 0) {
      how = fmt::format("cannot be started: {}", std::strerror(errno));
    } else {
      pid_ = pid;
      lock.unlock();
      how = wait_for_end(pid);
      lock.lock();
      pid_ = 0;
    }
    if (stopping_) break;
    ++restarts_;
    restarts_counter_.add();
    problem_ = "catalejo-store " + how;
    log::warn("store", "catalejo-store {}; starting it again", how);
    if (Clock::now() - started > kWell) pause = kPauseMin;
    changed_.wait_for(lock, pause, [&] { return stopping_; });
    pause = std::min(kPauseMax, pause * 2);
  }
  ended_ = true;
  changed_.notify_all();
}

void Supervisor::stop(int deadline_ms) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  if (const int pid = pid_; pid > 0 && deadline_ms > 0) {
    ::kill(pid, SIGTERM);
    changed_.wait_for(lock, std::chrono::milliseconds(deadline_ms), [&] { return ended_; });
  }
  if (const int pid = pid_; pid > 0) ::kill(pid, SIGKILL);
  lock.unlock();
  if (thread_.joinable()) thread_.join();
}

}  // namespace catalejo::store
