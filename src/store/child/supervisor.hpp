// Keeps the embedded database running: starts catalejo-store, starts it again when it dies, with a
// growing pause. In the process of `catalejo`; one thread, which lives as long as the child, since
// the child is told to end with the thread that started it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/counters.hpp"
#include "base/result.hpp"

namespace catalejo::store {

struct SupervisorOptions {
  std::string binary;
  std::string data_dir;
  std::uint64_t memory_bytes_max = 0;
  Counters* counters = nullptr;  // outlives the supervisor
};

class Supervisor {
 public:
  static Result<std::unique_ptr<Supervisor>> start(SupervisorOptions options);
  ~Supervisor();
  int pid() const { return pid_; }  // 0 while there is none
  std::uint64_t restarts() const { return restarts_; }
  std::string problem() const;
  // SIGTERM, then SIGKILL after the deadline; joins.
  void stop(int deadline_ms);

 private:
  explicit Supervisor(SupervisorOptions options);
  void run();
  int spawn();                        // pid, or -1 and errno
  std::string wait_for_end(int pid);  // how it ended

  SupervisorOptions options_;
  std::atomic<int> pid_{0};
  std::atomic<std::uint64_t> restarts_{0};
  Counter& restarts_counter_;
  mutable std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  bool stopping_ = false, ended_ = false;
  std::string problem_;
  std::thread thread_;
};

}  // namespace catalejo::store
