// What is known of the calls of one group in one period: sums, so that groups add up.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "insight/histogram.hpp"

namespace catalejo::insight {

// What groups are made of. A step is a tool or a retrieval, by its name.
enum class Dim : std::uint8_t { ml_app, model, deployment, prompt, step, label };
inline constexpr std::size_t kDims = 6;
inline constexpr std::array<const char*, kDims> kDimNames = {"ml_app", "model", "deployment",
                                                             "prompt", "step",  "label"};
using Where = std::array<std::string, kDims>;  // empty: any, or none of it

// A period is cut into slices to see how much it varies by itself.
inline constexpr std::size_t kSlices = 12;

struct Sums {
  std::uint64_t calls = 0, failed = 0;  // of evaluations: judged, and judged as failing
  std::uint64_t counted = 0;            // with a token count
  std::uint64_t priced = 0;             // with a known cost
  double tokens = 0, token_squares = 0, nano_usd = 0;
  std::uint64_t answered = 0;  // that did not fail
  double log_duration = 0;     // sum over them, binary logarithm of nanoseconds
  void add(const Sums& other);
};

struct Figures {
  Sums sums;
  Histogram durations;  // of calls that did not fail: a refusal is quick and no answer
  std::array<Sums, kSlices> slices;
  void add(const Figures& other);
};

// One combination of all dimensions.
struct Cell {
  Where where;
  Figures before, now;
};

// How much more the slices of a period differ than chance alone makes them: 1 when not at all.
double inflation_of_share(const Figures& figures);
double inflation_of_durations(const Figures& figures);
double inflation_of_tokens(const Figures& figures);
// Of one call's cost, from the slices.
double cost_variance(const Figures& figures);

}  // namespace catalejo::insight
