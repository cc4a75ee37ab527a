// The calls whose inputs are looked at: SELECTs and their answers. Up to as many as are wanted, all
// of them where there are no more, else those with the smallest
// hash of their id, which is the same pick each time and even over everything else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/cost_sum.hpp"
#include "query/filter.hpp"
#include "query/span_row.hpp"

namespace catalejo::insight::topics {

struct Call {
  TraceId trace_id;
  SpanId span_id;
  UnixNanos start;
  std::int64_t duration_ns = 0;
  bool failed = false;
  std::string text;  // what was asked: the last message of a user
  std::int64_t tokens = query::kUnknown, nano_usd = query::kUnknown;
  std::uint64_t judged = 0, judged_failing = 0;
};

struct Sample {
  std::vector<Call> calls;  // by time
  std::uint64_t total = 0;  // calls there are
};

query::Statement plan_call_count(const query::Filter& filter);
Result<std::uint64_t> read_call_count(std::string_view body);

// `total` calls there are, about `wanted` are picked.
query::Statement plan_calls(const query::Filter& filter, std::uint64_t total, std::size_t wanted);
Result<std::vector<Call>> read_calls(std::string body, const query::Pricing& pricing);

// Judgements of these calls, and of their traces as a whole (of the trace itself or its root),
// which are told of the first of its calls.
query::Statement plan_judgements(const query::Filter& filter, std::uint64_t total,
                                 std::size_t wanted);
Result<void> read_judgements(std::string_view body, std::vector<Call>& calls);

}  // namespace catalejo::insight::topics
