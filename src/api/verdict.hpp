// What a person says about a span, a trace or a session: read from a body, and made an evaluation.
// For this folder only.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "codec/json_dom.hpp"
#include "model/batch.hpp"

namespace catalejo::api {

// A span of a trace, a whole trace (no span), or a session.
struct Target {
  TraceId trace_id;
  SpanId span_id;
  std::string session_id;
  std::string ml_app;
};
// True when `name` is a field of a target; then it was read.
Result<bool> read_target(std::string_view name, codec::dom::element value, Target& target);
Result<void> check_target(const Target& target);

struct Verdict {
  Target target;
  std::string label;
  model::MetricType type = model::MetricType::categorical;
  double score = 0;  // also 0 or 1 of a boolean
  std::string text;  // also "true" or "false" of a boolean
  std::string assessment, comment;
  std::string author;
  bool withdrawn = false;
  std::string_view event_kind = "feedback";  // or "evaluation": an annotator's label
  std::string_view source = "catalejo/feedback";
  std::string
      queue;  // id of the queue that asked: answers of two queues replace nothing of each other
  std::string metadata;  // JSON
};
// A value as JSON has it; its type says which metric it is. "text" cannot be told from a category.
Result<void> read_value(codec::dom::element value, Verdict& verdict);
Result<void> check_verdict(const Verdict& verdict);

// Adds the verdict as an evaluation and gives its id.
TraceId add_verdict(model::Batch& batch, const Verdict& verdict);

}  // namespace catalejo::api
