// What changed from one period to the next, and where: the differences that are no noise, each
// named once by the narrowest group that explains it, those that matter most first. Pure.
// docs/en/reference/insights.md says the method and its false-alarm rate.
#pragma once

#include <optional>
#include <vector>

#include "insight/figures.hpp"

namespace catalejo::insight {

enum class Metric : std::uint8_t { latency, errors, tokens, cost, evaluations, appeared, gone };
inline constexpr std::array<const char*, 7> kMetricNames = {
    "latency", "errors", "tokens", "cost", "evaluations", "appeared", "gone"};

// Calls that their client had to try again, as Catalejo's tracer tells it.
struct Retried {
  std::uint64_t calls = 0;
  std::uint64_t limited = 0;  // the last refusal was 429
  double waited_ns = 0;       // of all of them, from the first try to the last
};

struct Change {
  Metric metric = Metric::latency;
  // What all calls of the group have in common; what the group was chosen by is in `chosen_by`.
  Where where;
  std::array<bool, kDims> chosen_by{};
  Figures before, now;
  // Latency: nanoseconds of `quantile`; errors and evaluations: shares; tokens and cost (nano-
  // dollars): per call; appeared and gone: calls.
  double value_before = 0, value_now = 0;
  double quantile = 0;
  double probability = 1;  // of the difference by chance, before the correction for many tests
  double score = 0;
  bool worse = false;
  // What was counted to explain it: only for latency that got worse.
  struct Retries {
    Retried before, now;
  };
  std::optional<Retries> retries;
};

struct Changes {
  std::vector<Change> found;
  std::size_t tests = 0;
};

// At most this share of pages over unchanged data shows a change at all.
inline constexpr double kFalseAlarms = 0.01;

// `calls` have no label, `evaluations` have one each.
Changes find_changes(const std::vector<Cell>& calls, const std::vector<Cell>& evaluations);

}  // namespace catalejo::insight
