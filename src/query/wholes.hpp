// Questions of who judges whole traces and sessions: which there are, what they are made of, and
// what was said of them already.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/cursor.hpp"
#include "query/filter.hpp"
#include "query/span_row.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

// Traces, or sessions; spans of them are looked for between the times.
struct WholesPlan {
  std::vector<TraceId> traces;
  std::vector<std::string> sessions;
  UnixNanos from, to;
};

struct WholeStep {
  TraceId trace_id;
  SpanId span_id, parent_id;
  std::string_view session_id, ml_app, kind, name;
  UnixNanos start;
  bool error = false;
  std::uint64_t input_hash = 0, output_hash = 0;  // 0 = there is none
  std::uint64_t input_bytes = 0, output_bytes = 0;
};

// The last spans of each, limits::whole_steps_max of them, without their texts.
Statement plan_whole_steps(const WholesPlan& wholes);
Result<Rows<WholeStep>> read_whole_steps(std::string body);

// What evaluators of that source said of them.
struct WholeVerdict {
  TraceId id, trace_id;
  std::string_view session_id;
  std::int64_t timestamp_ms = 0;
};
Statement plan_whole_verdicts(const WholesPlan& wholes, std::string_view source);
Result<Rows<WholeVerdict>> read_whole_verdicts(std::string body);

// Of which traces and sessions the spans are that a filter finds, oldest first, behind `after`.
struct WholeMention {
  Cursor at;
  std::string_view session_id, kind;
};
Statement plan_whole_mentions(const Filter& filter, const std::optional<Cursor>& after,
                              std::size_t rows_max);
Result<Rows<WholeMention>> read_whole_mentions(std::string body);

// The first span of each, of that kind (empty = any), that the filter finds.
Statement plan_whole_firsts(const Filter& filter, const WholesPlan& wholes, std::string_view kind);
Result<Rows<WholeMention>> read_whole_firsts(std::string body);

}  // namespace catalejo::query
