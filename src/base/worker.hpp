// One thread that runs jobs in the order in which they came, for work that may block on a disk and
// so has no place on an event loop; or several, for work that waits for somebody else. The queue is
// bounded: a full one answers busy at once.
#pragma once

#include <functional>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/queue.hpp"
#include "base/result.hpp"
#include "base/task.hpp"

namespace catalejo {

class Worker {
 public:
  explicit Worker(std::size_t waiting_max, std::size_t threads = 1) : queue_(waiting_max) {
    for (std::size_t i = 0; i < threads; ++i)
      threads_.emplace_back([this] {
        while (auto job = queue_.pop()) (*job)();
      });
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // What waits is run first.
  ~Worker() {
    queue_.close();
    for (std::thread& thread : threads_) thread.join();
  }

  // `work` gives a Result; it owns what it needs. From any thread. In a coroutine it must be a
  // variable: gcc 12 destroys the captures of a lambda twice that is written inside a co_await.
  template <typename Work>
  Future<std::invoke_result_t<Work&>> run(Work work) {
    using Value = std::invoke_result_t<Work&>;
    Promise<Value> promise;
    Future<Value> future = promise.future();
    auto shared = std::make_shared<Work>(std::move(work));
    if (!queue_.try_push([promise, shared]() mutable { promise.set((*shared)()); }, 1))
      promise.set(Error{Code::busy, "too many changes are waiting; try again"});
    return future;
  }

 private:
  BoundedQueue<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace catalejo
