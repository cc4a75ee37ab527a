// Money is an integer of billionths of a US dollar. Prices stand per million tokens, so that the
// cheapest known one (0.005 USD) still is a whole number. Rounding is chosen by name and happens
// once per sum; what does not fit 64 bits stays at the end of them.
#pragma once

#include <compare>
#include <cstdint>

namespace catalejo {

// GCC and Clang have it; -Wpedantic wants to be told that this is on purpose.
__extension__ using Int128 = __int128;

inline constexpr std::int64_t kNanosPerUsd = 1'000'000'000;
inline constexpr std::int64_t kTokensPerPrice = 1'000'000;

struct NanoUsd {
  std::int64_t value = 0;
  auto operator<=>(const NanoUsd&) const = default;
};

constexpr std::int64_t saturate_to_64(Int128 value) {
  if (value > INT64_MAX) return INT64_MAX;
  if (value < INT64_MIN) return INT64_MIN;
  return static_cast<std::int64_t>(value);
}

// Banker's rounding: half goes to the even neighbour, so that a million halves do not add up to a
// bias. `divisor` is above 0.
constexpr std::int64_t div_round_half_even(Int128 dividend, Int128 divisor) {
  Int128 quotient = dividend / divisor;
  Int128 rest = dividend % divisor;
  if (rest < 0) {  // towards minus infinity, so that the rest is not negative
    rest += divisor;
    --quotient;
  }
  const Int128 other = divisor - rest;
  if (rest > other || (rest == other && quotient % 2 != 0)) ++quotient;
  return saturate_to_64(quotient);
}

constexpr NanoUsd add_saturated(NanoUsd a, NanoUsd b) {
  return {saturate_to_64(static_cast<Int128>(a.value) + b.value)};
}

}  // namespace catalejo
