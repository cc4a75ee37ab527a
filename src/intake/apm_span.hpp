// One APM span as it stands on the wire, and its way into the model: alone it becomes an APM half;
// with a `_llmobs` struct both halves of one span. Shared by the trace protocols of the agent and
// the agentless intake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json.hpp"
#include "codec/json_dom.hpp"
#include "intake/llm_half.hpp"
#include "model/batch.hpp"

namespace catalejo::intake {

// The fields of a wire span. Views point into the body, or into the arena where bytes that are no
// UTF-8 had to be replaced. clear() keeps the memory for the next span.
struct ApmSpan {
  std::string_view service, name, resource, type;
  std::uint64_t trace_id = 0, span_id = 0, parent_id = 0;
  std::int64_t start_ns = 0, duration_ns = 0;
  bool error = false;
  std::vector<model::Tag> meta;
  std::vector<model::Metric> metrics;
  // meta_struct["_llmobs"]: MessagePack, or already JSON, or absent.
  std::optional<std::string_view> llmobs_msgpack;
  std::optional<codec::dom::element> llmobs_json;
  // span_events, span_links as fields of a JSON object: `"span_events":[…]`, empty when none.
  std::string extra;
  std::uint32_t flags = 0;
  bool wrong_type = false;

  void clear();
};

// Adds the spans of one request to a batch, chunk by chunk (a chunk is what one tracer sends of one
// trace: only one of its spans carries the high half of the trace id).
class ApmBatcher {
 public:
  ApmBatcher(model::Batch& batch, std::string_view source)
      : batch_(batch), source_(source), llm_(batch.arena) {}

  void begin_chunk();
  // `notes` are those of the JSON document the span came in, 0 for MessagePack.
  void add(const ApmSpan& wire, codec::Notes notes);
  void end_chunk();

 private:
  Fate translate(const ApmSpan& wire, codec::Notes notes, model::Span& span);
  void read_meta(const ApmSpan& wire, model::Span& span);
  Fate read_llm_half(const ApmSpan& wire, codec::Notes notes, model::Span& span);
  void keep_without_llm_half(const ApmSpan& wire, const Error& error, model::Span& span);

  model::Batch& batch_;
  std::string_view source_;
  LlmHalfReader llm_;
  codec::JsonDocument llmobs_document_;
  std::string llmobs_text_;
  std::size_t chunk_start_ = 0;   // index in batch_.spans
  std::uint64_t chunk_low_ = 0;   // the low half of the chunk's trace id …
  std::uint64_t chunk_high_ = 0;  // … and the high half, once seen
};

}  // namespace catalejo::intake
