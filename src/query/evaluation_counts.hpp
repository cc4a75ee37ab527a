// How many spans each evaluator judged and objected to, over time and by application.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/statement.hpp"

namespace catalejo::query {

struct CountsPlan {
  UnixNanos from, to;                // both included, by the minute
  std::vector<std::string> ml_apps;  // any of them; empty = all
  // Sources of evaluators of whole traces and sessions, which are not counted apart: of each its
  // newest evaluation counts.
  std::vector<std::string> wholes;
  std::int64_t interval_ms = 60'000;
};

struct CountsBucket {
  std::int64_t start_ms = 0;
  std::uint64_t judged = 0, failed = 0;
};
// Of one version of an evaluator in one application.
struct CountsLine {
  std::string evaluator;
  std::uint32_t version = 0;
  std::string ml_app;
  std::uint64_t judged = 0, failed = 0;
  std::vector<CountsBucket> buckets;  // oldest first; those without spans are left out
};

Statement plan_evaluation_counts(const CountsPlan& plan);
Result<std::vector<CountsLine>> read_evaluation_counts(std::string_view body);

}  // namespace catalejo::query
