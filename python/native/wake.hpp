// What the native thread sleeps on: like a condition variable, but a signal's handler may wake it.
#pragma once

#include <semaphore.h>
#include <time.h>

#include <chrono>
#include <mutex>

namespace catalejo::tracer {

// For one sleeper. A wake-up that comes while it is awake is not lost: it sleeps less once.
class Wake {
 public:
  Wake() { ::sem_init(&posts_, 0, 0); }
  ~Wake() { ::sem_destroy(&posts_); }
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;

  void notify_one() { ::sem_post(&posts_); }  // async-signal-safe

  void wait(std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    ::sem_wait(&posts_);
    take_up(lock);
  }

  void wait_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point end) {
    using std::chrono::nanoseconds;
    const auto since = std::chrono::duration_cast<nanoseconds>(end.time_since_epoch()).count();
    constexpr long long kSecond = 1'000'000'000;
    const timespec until = {.tv_sec = static_cast<time_t>(since / kSecond),
                            .tv_nsec = static_cast<long>(since % kSecond)};
    lock.unlock();
    ::sem_clockwait(&posts_, CLOCK_MONOTONIC, &until);
    take_up(lock);
  }

 private:
  void take_up(std::unique_lock<std::mutex>& lock) {
    while (::sem_trywait(&posts_) == 0) continue;
    lock.lock();
  }

  sem_t posts_;
};

}  // namespace catalejo::tracer
