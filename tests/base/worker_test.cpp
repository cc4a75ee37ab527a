#include "base/worker.hpp"

#include <gtest/gtest.h>

#include <latch>

#include "base/task_blocking.hpp"

namespace catalejo {
namespace {

TEST(Worker, SeveralThreadsWaitAtOnce) {
  std::latch all_there(3);
  Worker worker(3, 3);
  const auto wait = [&]() -> Result<int> {
    all_there.arrive_and_wait();  // for ever, were there fewer threads
    return 1;
  };
  int sum = 0;
  std::vector<Future<Result<int>>> futures;
  for (int i = 0; i < 3; ++i) futures.push_back(worker.run(wait));
  for (auto& future : futures) sum += wait_blocking(std::move(future)).value();
  EXPECT_EQ(sum, 3);
}

TEST(Worker, OneThreadKeepsTheOrderAndAFullQueueSaysSo) {
  std::latch begun(1), go_on(1);
  std::vector<int> order;
  std::vector<Future<Result<int>>> futures;
  Worker worker(2);
  const auto first = [&]() -> Result<int> {
    begun.count_down();
    go_on.wait();
    order.push_back(0);
    return 0;
  };
  futures.push_back(worker.run(first));
  begun.wait();
  for (int i = 1; i <= 3; ++i)
    futures.push_back(worker.run([&order, i]() -> Result<int> {
      order.push_back(i);
      return i;
    }));
  go_on.count_down();
  EXPECT_EQ(wait_blocking(std::move(futures[2])).value(), 2);
  EXPECT_EQ(wait_blocking(std::move(futures[3])).error().code, Code::busy);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

}  // namespace
}  // namespace catalejo
