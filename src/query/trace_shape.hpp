// The shape of a trace out of where its rows say they stand: the two halves of a span joined, each
// span's parent found across the LLM and the APM half, circles cut. It never trusts what it reads:
// parents may be missing or run in a circle, rows may come twice. Pure, no recursion, O(n log n);
// a million rows are some hundreds of milliseconds, so that is no work for an event loop.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "query/span_row.hpp"

namespace catalejo::query {

inline constexpr std::int32_t kNoNode = -1;

struct ShapeNode {
  const SpanLink* llm = nullptr;  // at least one of the two is set; both may be the same row
  const SpanLink* apm = nullptr;
  std::int32_t parent = kNoNode;  // index into TraceShape::nodes, always smaller than its own
  std::uint32_t depth = 0;
  bool orphan = false;  // names a parent that is not here, or was cut out of a circle

  // LLM wins, APM adds.
  const SpanLink& main() const { return llm != nullptr ? *llm : *apm; }
};

struct TraceShape {
  std::vector<ShapeNode> nodes;  // depth first: parents before children, siblings by start
  bool missing_parent = false, cycle = false;
  bool starts_before_parent = false;  // by more than clocks of one machine differ
  std::size_t left_out = 0;           // spans beyond those allowed

  std::vector<std::string_view> notes() const;  // of the first two
};

// The shape points to `rows`, which come in the order of their start and receipt: the first of a
// half stays.
TraceShape arrange(const std::vector<const SpanLink*>& rows,
                   std::size_t spans_max = limits::trace_spans_max);

}  // namespace catalejo::query
