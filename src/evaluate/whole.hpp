// What is judged of a whole trace or session: its steps and, where an evaluator reads them, its
// turns. Read when nothing has come of it for a while (engine/wholes.cpp).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

// One span of it.
struct Step {
  TraceId trace_id;
  SpanId span_id, parent_id;
  UnixNanos start;
  std::string_view kind, name;
  bool error = false;
  std::uint64_t input_hash = 0, output_hash = 0;  // 0 = there is none
  std::size_t input_bytes = 0, output_bytes = 0;
};

// What was asked and answered, of a trace each.
struct Turn {
  std::string_view user, assistant;
  bool error = false;        // of the span that answers
  bool tool_failed = false;  // the last tool that was called
};

struct Whole {
  Scope scope = Scope::trace;
  TraceId trace_id;  // empty for a session
  std::string_view session_id, ml_app;
  std::span<const Step> steps;  // by their start; of a long one the last
  std::span<const Turn> turns;  // the same
};

class WholeEvaluator : public Evaluator {
 public:
  // The kind of span that makes it look at the whole that the span is of; empty = any.
  virtual std::string_view step_kind() const { return {}; }
  virtual bool reads_turns() const { return false; }
  // Appends at most one verdict; none when there is nothing to judge.
  virtual void judge_whole(const Whole& whole, std::vector<Verdict>& verdicts) const = 0;
  void judge(const Subject&, std::vector<Verdict>&) const final {}
};

// nullptr for one that judges spans.
inline const WholeEvaluator* as_whole(const Evaluator& evaluator) {
  return dynamic_cast<const WholeEvaluator*>(&evaluator);
}

}  // namespace catalejo::evaluate
