// What is judged: one stored span, read once for all evaluators.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/span.hpp"

namespace catalejo::evaluate {

enum class Side : std::uint8_t { input, output };

// Who speaks in a text; what a user wrote, a tool answered or a document holds may attack, what a
// system prompt says is meant.
enum class Voice : std::uint8_t { system, user, assistant, tool_call, tool_result, document };

// One text of a span: a message's content, the JSON arguments of a tool call, a document.
struct Text {
  Side side = Side::input;
  Voice voice = Voice::user;
  std::uint32_t message = 0;  // index in the messages or documents of its side
  std::string_view text;      // UTF-8, unescaped
  std::string_view name;      // of the tool, or of the document; else empty
};

// What calls of one kind take, or cost: half of them less than `half`, all but a sixth less than
// `upper`.
struct Usual {
  double half = 0, upper = 0;
};

// Everything points into memory that outlives the judging. Empty means "not given".
struct Subject {
  TraceId trace_id;
  SpanId span_id;
  UnixNanos start;
  std::int64_t duration_ns = 0;
  bool error = false;
  std::string_view error_type, error_message;
  std::string_view kind, name, service, env, ml_app, session_id;
  std::string_view model_name, deployment;
  std::string_view finish_reason;          // "stop" | "length" | "content_filter" | …
  std::string_view tool_definitions_json;  // JSON array as declared by the application
  std::string_view response_format_json;   // JSON, {"type":"json_schema",…}
  std::string_view metadata_json, extra_json;
  std::span<const Text> texts;  // in the order of the conversation, input before output
  std::span<const model::Tag> tags;
  std::span<const model::Metric> metrics;
  std::optional<double> cost_nano_usd;
  std::optional<Usual> usual_duration, usual_cost;  // once enough calls like it are known
};

}  // namespace catalejo::evaluate
