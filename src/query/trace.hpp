// Makes one tree out of the rows of a trace: joins the two halves of a span, finds each span's
// parent across the LLM and the APM half, and never trusts what it reads: parents may be missing
// or run in a circle, rows may come twice. Pure, no recursion, O(n log n).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "query/span_row.hpp"

namespace catalejo::query {

struct TraceNode {
  const SpanRow* llm = nullptr;  // at least one of the two is set; both may be the same row
  const SpanRow* apm = nullptr;
  std::int32_t parent = -1;  // index into TraceTree::nodes, always smaller than the node's own
  std::uint32_t depth = 0;

  // LLM wins, APM adds.
  const SpanRow& main() const { return llm != nullptr ? *llm : *apm; }
  bool failed() const;
  UnixNanos start() const { return main().start; }
  std::int64_t duration_ns() const { return main().duration_ns; }
};

struct TraceTree {
  std::vector<TraceNode> nodes;         // parents before children, siblings by start
  std::vector<std::string_view> notes;  // "missing_parent", "cycle_in_parents", "clock_skew"
  std::size_t spans_left_out = 0;       // beyond limits::trace_spans_max

  UnixNanos start, end;
  std::uint64_t llm_calls = 0, errors = 0;
  std::int64_t input_tokens = kUnknown, output_tokens = kUnknown, total_tokens = kUnknown;
  std::int64_t cost_nano_usd = kUnknown;
};

// The tree points into `rows`.
TraceTree assemble_trace(const std::vector<SpanRow>& rows);

}  // namespace catalejo::query
