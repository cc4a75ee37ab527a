#include "store/inserted_times.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::store {
namespace {

void insert(InsertedTimes& times, UnixNanos first, UnixNanos last) {
  times.begin(first, last);
  times.end();
}

TEST(InsertedTimes, SayWhatChangedSinceAQuestion) {
  InsertedTimes times;
  insert(times, {10}, {20});
  const std::uint64_t asked = times.position();
  EXPECT_TRUE(times.unchanged_since(asked, {0}, {100}));
  insert(times, {30}, {40});
  EXPECT_FALSE(times.unchanged_since(asked, {40}, {50}));
  EXPECT_FALSE(times.unchanged_since(asked, {0}, {30}));
  EXPECT_FALSE(times.unchanged_since(asked, {35}, {36}));
  EXPECT_TRUE(times.unchanged_since(asked, {10}, {29}));
  EXPECT_TRUE(times.unchanged_since(asked, {41}, {50}));
  EXPECT_TRUE(times.unchanged_since(times.position(), {30}, {40}));
}

// Its first days can be read while its last ones cannot: an answer from before is no longer true.
TEST(InsertedTimes, WhatIsBeingInsertedIsNotTakenForUnchanged) {
  InsertedTimes times;
  const std::uint64_t before = times.position();
  times.begin({10}, {20});
  const std::uint64_t meanwhile = times.position();
  EXPECT_FALSE(times.unchanged_since(before, {15}, {30}));
  EXPECT_FALSE(times.unchanged_since(meanwhile, {15}, {30}));
  EXPECT_TRUE(times.unchanged_since(before, {21}, {30}));
  times.end();
  EXPECT_FALSE(times.unchanged_since(meanwhile, {15}, {30}));
  EXPECT_TRUE(times.unchanged_since(times.position(), {15}, {30}));
}

TEST(InsertedTimes, WhatIsForgottenMayHaveChanged) {
  InsertedTimes times;
  const std::uint64_t asked = times.position();
  for (std::size_t i = 0; i < limits::inserted_times_max; ++i) insert(times, {10}, {20});
  EXPECT_TRUE(times.unchanged_since(asked, {30}, {40}));
  insert(times, {10}, {20});
  EXPECT_FALSE(times.unchanged_since(asked, {30}, {40}));
}

}  // namespace
}  // namespace catalejo::store
