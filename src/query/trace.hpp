// The spans of a trace, or some of them, as a tree with what was summed up over all of them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "query/span_row.hpp"
#include "query/trace_shape.hpp"

namespace catalejo::query {

struct TraceNode {
  const SpanRow* llm = nullptr;  // at least one of the two is set; both may be the same row
  const SpanRow* apm = nullptr;
  std::int32_t parent = kNoNode;  // index into TraceTree::nodes, always smaller than its own
  std::uint32_t depth = 0;

  // LLM wins, APM adds.
  const SpanRow& main() const { return llm != nullptr ? *llm : *apm; }
  bool failed() const;
  UnixNanos start() const { return main().start; }
  std::int64_t duration_ns() const { return main().duration_ns; }
};

// Of a whole trace.
struct TraceSums {
  UnixNanos start, end;
  std::uint64_t spans = 0, llm_calls = 0, errors = 0;
  std::int64_t input_tokens = kUnknown, output_tokens = kUnknown, total_tokens = kUnknown;

  void add_span(UnixNanos begin, std::int64_t duration_ns, bool failed);
  // Only what talked to a model is added up: agents and workflows repeat their children's sums.
  void add_usage(std::string_view kind, std::int64_t input, std::int64_t output,
                 std::int64_t total);
};

struct TraceTree {
  std::vector<TraceNode> nodes;  // parents before children, siblings by start
  // "missing_parent", "cycle_in_parents", "clock_skew"
  std::vector<std::string_view> notes;
  std::size_t spans_left_out = 0;  // beyond limits::trace_spans_max
  TraceSums sums;
};

// The tree points into `rows`.
TraceTree assemble_trace(const std::vector<SpanRow>& rows);

}  // namespace catalejo::query
