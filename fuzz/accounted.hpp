// What must hold for every batch, whatever the bytes were: each wire span and evaluation ended
// somewhere, and all text is UTF-8, as the store and the page take for granted.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "codec/json_dom.hpp"
#include "codec/utf8.hpp"
#include "model/batch.hpp"

namespace catalejo::fuzz {

inline void require(bool condition) {
  if (!condition) std::abort();
}

inline void require_json(std::string_view text) {
  if (text.empty()) return;
  std::string copy(text);
  codec::JsonDocument document;
  require(document.parse(copy).ok());
  require(document.notes() == 0);
}

inline void require_span(const model::Span& span) {
  require(span.span_id.value != 0 && !span.trace_id.empty());
  require(model::has_llm(span.halves) == !span.kind.empty());
  for (std::string_view text :
       {span.name, span.apm_name, span.resource, span.apm_type, span.kind, span.service, span.env,
        span.ml_app, span.session_id, span.model_name, span.model_provider, span.deployment,
        span.error_type, span.error_message, span.error_stack})
    require(codec::is_utf8(text));
  for (const model::Tag& tag : span.tags)
    require(codec::is_utf8(tag.key) && codec::is_utf8(tag.value));
  for (std::string_view json :
       {span.input_json, span.output_json, span.metadata_json, span.extra_json})
    require_json(json);
}

inline void require_accounted(const model::Batch& batch) {
  std::uint64_t spans = batch.spans.size() + batch.spans_sampled_out;
  for (const auto& [reason, count] : batch.spans_rejected) spans += count;
  require(spans == batch.spans_received);
  std::uint64_t evaluations = batch.evaluations.size();
  for (const auto& [reason, count] : batch.evaluations_rejected) evaluations += count;
  require(evaluations == batch.evaluations_received);
  for (const model::Span& span : batch.spans) require_span(span);
  for (const model::Evaluation& evaluation : batch.evaluations) {
    require(codec::is_utf8(evaluation.text) && codec::is_utf8(evaluation.label));
    require_json(evaluation.metadata_json);
  }
}

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace catalejo::fuzz
