#include "base/money.hpp"

#include <gtest/gtest.h>

namespace catalejo {
namespace {

TEST(Money, RoundsHalvesToTheEvenNeighbour) {
  struct Case {
    std::int64_t dividend, divisor, expected;
  };
  for (const auto& [dividend, divisor, expected] : {Case{0, 10, 0},
                                                    {4, 10, 0},
                                                    {5, 10, 0},
                                                    {6, 10, 1},
                                                    {14, 10, 1},
                                                    {15, 10, 2},
                                                    {16, 10, 2},
                                                    {25, 10, 2},
                                                    {35, 10, 4},
                                                    {-4, 10, 0},
                                                    {-5, 10, 0},
                                                    {-6, 10, -1},
                                                    {-15, 10, -2},
                                                    {-25, 10, -2},
                                                    {-35, 10, -4},
                                                    {7, 3, 2},
                                                    {8, 3, 3},
                                                    {1, 1, 1},
                                                    {INT64_MAX, 1, INT64_MAX}})
    EXPECT_EQ(div_round_half_even(dividend, divisor), expected) << dividend << " / " << divisor;
}

TEST(Money, HalvesAddUpWithoutABias) {
  std::int64_t sum = 0;
  for (std::int64_t half = 1; half < 2'000; half += 2) sum += div_round_half_even(half, 2);
  EXPECT_EQ(sum, 1'000 * 1'000 / 2);
}

TEST(Money, StaysAtTheEndsOf64Bits) {
  EXPECT_EQ(div_round_half_even(static_cast<Int128>(INT64_MAX) * 1'000, 1), INT64_MAX);
  EXPECT_EQ(div_round_half_even(static_cast<Int128>(INT64_MIN) * 1'000, 1), INT64_MIN);
  EXPECT_EQ(add_saturated(NanoUsd{INT64_MAX}, NanoUsd{1}).value, INT64_MAX);
  EXPECT_EQ(add_saturated(NanoUsd{INT64_MIN}, NanoUsd{-1}).value, INT64_MIN);
  EXPECT_EQ(add_saturated(NanoUsd{40}, NanoUsd{2}).value, 42);
}

}  // namespace
}  // namespace catalejo
