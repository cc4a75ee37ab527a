#include "store/waiting_wholes.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::store {
namespace {

std::unique_ptr<WaitingWholes> open() {
  auto opened = WaitingWholes::open(":memory:");
  EXPECT_TRUE(opened) << to_string(opened.error());
  return std::move(*opened);
}

WaitingWhole whole(std::string name, std::int64_t start, std::int64_t due) {
  return {.evaluator = "goal_completeness",
          .name = std::move(name),
          .first = {start},
          .last = {start},
          .due_ms = due};
}

TEST(WaitingWholes, WaitOnWhenMoreComes) {
  const auto waiting = open();
  ASSERT_TRUE(waiting->put({whole("a", 50, 100), whole("b", 60, 100)}));
  ASSERT_TRUE(waiting->put({whole("a", 40, 200), whole("a", 70, 200)}));
  EXPECT_EQ(waiting->count(), 2u);
  const auto first = *waiting->due(150, 10);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].name, "b");
  const auto both = *waiting->due(200, 10);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[1].name, "a");
  EXPECT_EQ(both[1].first.value, 40);
  EXPECT_EQ(both[1].last.value, 70);
  EXPECT_EQ(waiting->due(200, 1)->size(), 1u);
}

TEST(WaitingWholes, EachEvaluatorWaitsForItsOwn) {
  const auto waiting = open();
  WaitingWhole other = whole("a", 1, 1);
  other.evaluator = "tool_loop";
  ASSERT_TRUE(waiting->put({whole("a", 1, 1), other}));
  ASSERT_TRUE(waiting->remove({other}));
  EXPECT_EQ(waiting->count(), 1u);
  EXPECT_EQ(waiting->due(1, 10)->at(0).evaluator, "goal_completeness");
}

TEST(WaitingWholes, WhatGrewMeanwhileIsNotRemoved) {
  const auto waiting = open();
  ASSERT_TRUE(waiting->put({whole("a", 1, 1)}));
  const auto due = *waiting->due(1, 10);
  ASSERT_TRUE(waiting->put({whole("a", 2, 5)}));
  ASSERT_TRUE(waiting->remove(due));
  EXPECT_EQ(waiting->count(), 1u);
  ASSERT_TRUE(waiting->remove(*waiting->due(5, 10)));
  EXPECT_EQ(waiting->count(), 0u);
}

TEST(WaitingWholes, AreBoundedAndSayHowManyFoundNoRoom) {
  const auto waiting = open();
  std::vector<WaitingWhole> many;
  for (std::size_t i = 0; i < limits::wholes_waiting_max + 3; ++i)
    many.push_back(whole(std::to_string(i), 1, 1));
  const auto refused = waiting->put(many);
  ASSERT_TRUE(refused);
  EXPECT_EQ(*refused, 3u);
  EXPECT_EQ(waiting->count(), limits::wholes_waiting_max);
  // Who waits already waits on.
  EXPECT_EQ(*waiting->put({whole("0", 2, 9)}), 0u);
}

}  // namespace
}  // namespace catalejo::store
