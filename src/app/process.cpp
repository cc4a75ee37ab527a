#include "app/process.hpp"

#include <malloc.h>
#include <signal.h>

#include "base/log.hpp"

namespace catalejo::app {

void block_signals() {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void keep_freed_memory() {
  constexpr int kBytes = 8 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kBytes);
  ::mallopt(M_TRIM_THRESHOLD, kBytes);
}

void wait_for_stop() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  int signal = 0;
  while (::sigwait(&set, &signal) != 0) {
  }
  log::info("app", "{} received, stopping; once more to stop at once",
            signal == SIGINT ? "SIGINT" : "SIGTERM");
  // A second signal ends the process: everything acknowledged is in the log already.
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace catalejo::app
