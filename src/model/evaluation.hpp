// A judgement about a span, trace or session: from an evaluator, the application, or a user.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/span.hpp"

namespace catalejo::model {

enum class MetricType : std::uint8_t {
  categorical = 1,
  score = 2,
  boolean = 3,
  json = 4,
  text = 5
};

std::string_view metric_type_name(MetricType type);
std::optional<MetricType> metric_type_of(std::string_view name);

// The status of an evaluation that takes its submitter's earlier one of the same label back.
inline constexpr std::string_view kWithdrawn = "WITHDRAWN";

struct Evaluation {
  TraceId id;        // made from its content, so that a retry has the same
  TraceId trace_id;  // LLMObs trace id it joins on; empty when it joins otherwise
  SpanId span_id;    // 0 when it is about a whole trace or session
  std::string_view session_id;
  std::string_view join_key, join_value;  // join by tag, or "feedback_join_key"
  std::string_view event_kind;            // "evaluation" | "feedback"
  std::string_view scope;                 // "span" | "trace" | "session" | "external"
  std::string_view label;                 // "toxicity"
  std::string_view ml_app;
  MetricType type = MetricType::categorical;
  double score = 0;             // score; 0 or 1 for boolean
  std::string_view text;        // categorical, text; JSON text for json; "true"/"false" for boolean
  std::string_view assessment;  // "pass" | "fail" | ""
  std::string_view reasoning;
  std::string_view status;     // "OK" | "WARN" | "ERROR" | kWithdrawn, empty = OK
  std::string_view submitter;  // JSON: who judged, when it was a person
  std::string_view metadata_json;
  std::string_view error_json;  // {"type","message","stack"} when status is not OK
  UnixNanos timestamp;
  std::vector<Tag> tags;
  std::uint32_t flags = 0;
  std::string_view source;
};

}  // namespace catalejo::model
