#include "terminate.hpp"

#include <pthread.h>
#include <signal.h>

#include <cerrno>

#include "sender.hpp"

namespace catalejo::tracer {
namespace {

// Everything here and below is async-signal-safe: no lock, no memory, no Python.
void on_sigterm(int number) {
  const int kept = errno;
  if (!Sender::deliver_before_death()) {
    errno = kept;
    return;
  }
  struct sigaction plain = {};
  plain.sa_handler = SIG_DFL;
  ::sigaction(number, &plain, nullptr);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, number);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(number);
  // The first process of a container survives this. It goes on as before, and so do we.
  watch_sigterm();
  errno = kept;
}

bool is_default(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
}

}  // namespace

void watch_sigterm() {
  struct sigaction held = {};
  if (::sigaction(SIGTERM, nullptr, &held) != 0 || !is_default(held)) return;
  struct sigaction ours = {};
  ours.sa_handler = on_sigterm;
  ours.sa_flags = SA_RESTART | SA_ONSTACK;
  ::sigemptyset(&ours.sa_mask);
  ::sigaction(SIGTERM, &ours, nullptr);
}

}  // namespace catalejo::tracer
