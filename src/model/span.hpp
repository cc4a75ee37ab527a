// One operation of an application: a model call, a tool, a retrieval, a web request, a query.
//
// A span has up to two halves. The LLM half says what was asked and answered; the APM half says
// what the process did. Clients send them together (one Span with both halves) or apart, seconds
// from each other and by different ways (two Spans with the same apm_trace_id and span_id). They
// are joined when a trace is read, never on the list path (docs/decisions/002).
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace catalejo::model {

enum class Halves : std::uint8_t { llm = 1, apm = 2, both = 3 };

inline bool has_llm(Halves halves) {
  return (static_cast<int>(halves) & 1) != 0;
}
inline bool has_apm(Halves halves) {
  return (static_cast<int>(halves) & 2) != 0;
}

// What happened to the span on its way; shown on the page in words.
enum Flag : std::uint32_t {
  flag_invalid_utf8 = 1u << 0,    // bytes that are no UTF-8 were replaced by U+FFFD
  flag_attachment_cut = 1u << 1,  // an image or audio over the limit was replaced by a note
  flag_text_cut = 1u << 2,        // a text over limits::text_bytes_max was cut
  flag_dropped_io = 1u << 3,      // the client itself dropped input and output (5 MB limit)
  flag_clock_skew = 1u << 4,      // started in the future: start was set to the time of receipt
  flag_id_from_text = 1u << 5,    // an id was no number; a stable one was made from the text
  flag_tags_cut = 1u << 6,        // more tags or metrics than the limit
  flag_number_text = 1u << 7,     // NaN, infinity or an over-long integer was kept as text or null
  flag_redacted = 1u << 8,        // a rule took something out (pipeline/redact.hpp); tags say what
};

// The flags that mean something of the client's was cut: the span counts as `cut`, not `stored`.
inline constexpr std::uint32_t kCutFlags = flag_attachment_cut | flag_text_cut | flag_tags_cut;

struct Tag {
  std::string_view key, value;
};
struct Metric {
  std::string_view key;
  double value = 0;
};

// Empty text means "not given". All text is UTF-8. JSON fields hold compact JSON or nothing.
struct Span {
  Halves halves = Halves::llm;
  TraceId trace_id;      // LLMObs trace id when there is an LLM half, else the APM trace id
  TraceId apm_trace_id;  // 128 bit; empty when unknown
  SpanId span_id;        // never 0
  SpanId parent_id;      // LLMObs parent when there is an LLM half; 0 for a root
  SpanId apm_parent_id;  // 0 for a root or when there is no APM half
  UnixNanos start;
  std::int64_t duration_ns = 0;  // >= 0
  bool error = false;

  std::string_view name;      // "AzureOpenAI.createChatCompletion", the LLM half's when both
  std::string_view apm_name;  // "openai.request"; empty without an APM half
  std::string_view resource;  // "createChatCompletion", "GET /chat"
  std::string_view apm_type;  // "llm", "http", "web", "serverless"
  std::string_view
      kind;  // llm agent workflow tool task embedding retrieval experiment; "" = APM only
  std::string_view service, env, version, ml_app;
  std::string_view session_id, user_id;
  std::string_view model_name, model_provider;
  std::string_view deployment;  // Azure deployment when known, else empty
  std::string_view error_type, error_message, error_stack;

  // {"messages":[…]} | {"value":"…"} | {"documents":[…]} | {"parameters":{…}}, and "prompt" beside
  // it in input. Text as it was sent, not escaped beyond what JSON needs.
  std::string_view input_json, output_json;
  std::string_view metadata_json;  // {"temperature":0.2,…}
  // Every other field of the LLM half (tool_definitions, expected_output, agent_attribution,
  // span_links, config, …) and of the APM half (span_events, span_links), by its wire name.
  std::string_view extra_json;

  std::vector<Tag> tags;        // LLM tags and APM meta; LLM wins on the same key
  std::vector<Metric> metrics;  // LLM metrics (input_tokens, …) and APM metrics

  std::uint32_t flags = 0;
  std::string_view source;  // the way it came: "dd_apm/v0.4", "dd_llmobs/json", …
};

}  // namespace catalejo::model
