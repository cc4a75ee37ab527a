#include "store/inserted_times.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::store {
namespace {

TEST(InsertedTimes, SayWhatChangedSinceAQuestion) {
  InsertedTimes times;
  times.add({10}, {20});
  const std::uint64_t asked = times.position();
  EXPECT_TRUE(times.unchanged_since(asked, {0}, {100}));
  times.add({30}, {40});
  EXPECT_FALSE(times.unchanged_since(asked, {40}, {50}));
  EXPECT_FALSE(times.unchanged_since(asked, {0}, {30}));
  EXPECT_FALSE(times.unchanged_since(asked, {35}, {36}));
  EXPECT_TRUE(times.unchanged_since(asked, {10}, {29}));
  EXPECT_TRUE(times.unchanged_since(asked, {41}, {50}));
  EXPECT_TRUE(times.unchanged_since(times.position(), {30}, {40}));
}

TEST(InsertedTimes, WhatIsForgottenMayHaveChanged) {
  InsertedTimes times;
  const std::uint64_t asked = times.position();
  for (std::size_t i = 0; i < limits::inserted_times_max; ++i) times.add({10}, {20});
  EXPECT_TRUE(times.unchanged_since(asked, {30}, {40}));
  times.add({10}, {20});
  EXPECT_FALSE(times.unchanged_since(asked, {30}, {40}));
}

}  // namespace
}  // namespace catalejo::store
