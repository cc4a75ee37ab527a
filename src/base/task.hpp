// Coroutines without a library in the header: Task<T> is a lazily started coroutine with one
// awaiter; Promise<T>/Future<T> carry one value between threads and resume the waiting coroutine
// on the executor it was suspended on. Parameters of coroutines are taken by value.
#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/error.hpp"

namespace catalejo {

// A thread (or pool) that runs functions in order; net's event loops are executors.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void post(std::function<void()> work) = 0;  // from any thread
};

// The executor this thread runs, or null on a thread that is none.
Executor*& current_executor();

template <typename T>
class Task;

namespace detail {

struct FinalAwaiter {
  bool await_ready() noexcept { return false; }
  template <typename Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> handle) noexcept {
    if (auto next = handle.promise().continuation) return next;
    return std::noop_coroutine();
  }
  void await_resume() noexcept {}
};

struct TaskPromiseBase {
  std::coroutine_handle<> continuation;
  std::exception_ptr exception;
  std::suspend_always initial_suspend() noexcept { return {}; }
  FinalAwaiter final_suspend() noexcept { return {}; }
  void unhandled_exception() { exception = std::current_exception(); }
};

template <typename T>
struct TaskPromise : TaskPromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  template <typename U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() {
    if (exception) std::rethrow_exception(exception);
    return std::move(*value);
  }
};

template <>
struct TaskPromise<void> : TaskPromiseBase {
  Task<void> get_return_object();
  void return_void() {}
  void take() {
    if (exception) std::rethrow_exception(exception);
  }
};

}  // namespace detail

template <typename T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> continuation) noexcept {
    handle_.promise().continuation = continuation;
    return handle_;
  }
  T await_resume() { return handle_.promise().take(); }

 private:
  Handle handle_;
};

namespace detail {

template <typename T>
Task<T> TaskPromise<T>::get_return_object() {
  return Task<T>{std::coroutine_handle<TaskPromise<T>>::from_promise(*this)};
}
inline Task<void> TaskPromise<void>::get_return_object() {
  return Task<void>{std::coroutine_handle<TaskPromise<void>>::from_promise(*this)};
}

struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

template <typename T>
struct Shared {
  std::mutex mutex;  // guards the members below
  std::optional<T> value;
  std::function<void()> resume;
};

}  // namespace detail

// Runs `task` on this thread until it first suspends; `done` gets its value. An exception that
// leaves the task ends the program: handlers catch at their module's boundary.
template <typename T, typename Done>
void start(Task<T> task, Done done) {
  [](Task<T> inner, Done then) -> detail::Detached {
    if constexpr (std::is_void_v<T>) {
      co_await inner;
      then();
    } else {
      then(co_await inner);
    }
  }(std::move(task), std::move(done));
}

// One value, set once from any thread, awaited at most once.
template <typename T>
class [[nodiscard]] Future {
 public:
  explicit Future(std::shared_ptr<detail::Shared<T>> shared) : shared_(std::move(shared)) {}

  bool await_ready() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->value.has_value();
  }
  bool await_suspend(std::coroutine_handle<> waiter) {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->value) return false;
    Executor* executor = current_executor();
    shared_->resume = [executor, waiter] {
      if (executor) {
        executor->post([waiter] { waiter.resume(); });
      } else {
        waiter.resume();
      }
    };
    return true;
  }
  T await_resume() {
    const std::lock_guard lock(shared_->mutex);
    return std::move(*shared_->value);
  }

 private:
  std::shared_ptr<detail::Shared<T>> shared_;
};

template <typename T>
class Promise {
 public:
  Promise() : shared_(std::make_shared<detail::Shared<T>>()) {}
  Future<T> future() { return Future<T>{shared_}; }
  void set(T value) {
    std::function<void()> resume;
    {
      const std::lock_guard lock(shared_->mutex);
      CATALEJO_INVARIANT(!shared_->value.has_value());
      shared_->value.emplace(std::move(value));
      resume = std::move(shared_->resume);
    }
    if (resume) resume();
  }

 private:
  std::shared_ptr<detail::Shared<T>> shared_;
};

// Blocks this thread until the task is done: for tests, commands and worker threads.
template <typename T>
T run_blocking(Task<T> task);
template <typename T>
T wait_blocking(Future<T> future);

}  // namespace catalejo

#include "base/task_blocking.hpp"  // IWYU pragma: export
