// Where people and an evaluator judged the same things under the same name: how often they agree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

struct AgreementPlan {
  UnixNanos from, to;                // when people judged, both included
  std::vector<std::string> ml_apps;  // any of them; empty = all
  // Those that store what they object to alone: their silence is no objection.
  std::vector<std::string> silent;
};

// Of an answer, pass or fail, of a person's: every person counts.
struct AgreementLine {
  struct Difference {
    TraceId trace_id;
    SpanId span_id;  // 0 = of the whole trace
    bool people_fail = false;
    bool operator==(const Difference&) const = default;
  };
  std::string label;
  std::uint64_t both_fail = 0, only_people = 0, only_evaluator = 0, both_pass = 0;
  std::uint64_t not_judged = 0;         // by the evaluator
  std::vector<Difference> differences;  // the newest of each kind
};

Statement plan_agreement(const AgreementPlan& plan);
// Without names that no evaluator has.
Result<std::vector<AgreementLine>> read_agreement(std::string_view body);

}  // namespace catalejo::query
