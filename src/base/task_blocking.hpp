// run_blocking and wait_blocking of task.hpp.
#pragma once

#include <condition_variable>

#include "base/task.hpp"

namespace catalejo {

template <typename T>
T run_blocking(Task<T> task) {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<T> value;
  start(std::move(task), [&](T result) {
    const std::lock_guard lock(mutex);
    value.emplace(std::move(result));
    changed.notify_one();
  });
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return value.has_value(); });
  return std::move(*value);
}

template <typename T>
T wait_blocking(Future<T> future) {
  return run_blocking(
      [](Future<T> inner) -> Task<T> { co_return co_await inner; }(std::move(future)));
}

}  // namespace catalejo
