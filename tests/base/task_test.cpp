#include "base/task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "base/queue.hpp"
#include "base/result.hpp"

namespace catalejo {
namespace {

Task<int> twice(int value) {
  co_return value * 2;
}
Task<int> nested(int value) {
  const int once = co_await twice(value);
  co_return co_await twice(once);
}

TEST(Task, RunsNestedCoroutinesToTheirValue) {
  EXPECT_EQ(run_blocking(nested(3)), 12);
}

TEST(Task, CarriesAnExceptionToItsAwaiter) {
  auto failing = []() -> Task<int> {
    throw std::runtime_error("broken");
    co_return 1;
  };
  auto catching = [](Task<int> inner) -> Task<std::string> {
    try {
      co_await inner;
    } catch (const std::runtime_error& error) {
      co_return error.what();
    }
    co_return "nothing";
  };
  EXPECT_EQ(run_blocking(catching(failing())), "broken");
}

TEST(Future, ResumesWhetherTheValueComesBeforeOrAfter) {
  Promise<int> early;
  early.set(5);
  EXPECT_EQ(wait_blocking(early.future()), 5);
  Promise<int> late;
  std::thread setter([&] { late.set(6); });
  EXPECT_EQ(wait_blocking(late.future()), 6);
  setter.join();
}

class Loop : public Executor {
 public:
  void post(std::function<void()> work) override { queue_.try_push(std::move(work), 1); }
  void run() {
    current_executor() = this;
    while (auto work = queue_.pop()) (*work)();
    current_executor() = nullptr;
  }
  void stop() { queue_.close(); }

 private:
  BoundedQueue<std::function<void()>> queue_{1024};
};

TEST(Future, ResumesOnTheExecutorItWasSuspendedOn) {
  Loop loop;
  Promise<int> promise;
  std::thread::id before, after;
  loop.post([&] {
    start(
        [](Future<int> future, std::thread::id* first, std::thread::id* second) -> Task<void> {
          *first = std::this_thread::get_id();
          co_await future;
          *second = std::this_thread::get_id();
        }(promise.future(), &before, &after),
        [&] { loop.stop(); });
  });
  std::thread runner([&] { loop.run(); });
  promise.set(1);
  runner.join();
  EXPECT_EQ(before, after);
  EXPECT_NE(before, std::this_thread::get_id());
}

TEST(BoundedQueue, RefusesWhenFullAndDrainsWhenClosed) {
  BoundedQueue<int> queue(10);
  EXPECT_TRUE(queue.try_push(1, 6));
  EXPECT_FALSE(queue.try_push(2, 5));
  EXPECT_TRUE(queue.try_push(3, 4));
  queue.close();
  EXPECT_FALSE(queue.try_push(4, 1));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 3);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, TakesOneItemHeavierThanItsBound) {
  BoundedQueue<int> queue(10);
  EXPECT_TRUE(queue.try_push(1, 100));
  EXPECT_FALSE(queue.try_push(2, 1));
  EXPECT_EQ(queue.pop_all(std::chrono::steady_clock::now()).size(), 1u);
  EXPECT_TRUE(queue.try_push(2, 1));
}

Result<int> half(int value) {
  if (value % 2 != 0) return Error{Code::out_of_range, "odd", "value"};
  return value / 2;
}

TEST(Result, IsAValueOrAnErrorThatReadsWell) {
  EXPECT_EQ(*half(4), 2);
  const Result<int> odd = half(3);
  ASSERT_FALSE(odd);
  EXPECT_EQ(to_string(odd.error()), "out_of_range (106): odd [value]");
  EXPECT_EQ(odd.value_or(7), 7);
}

}  // namespace
}  // namespace catalejo
