// APM spans as JSON: the body of /v0.4/traces from clients without MessagePack, and the spans of
// the agentless intake, which differ in their ids (16 hex digits instead of numbers).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "codec/json_dom.hpp"
#include "intake/apm_span.hpp"
#include "model/batch.hpp"

namespace catalejo::intake::dd_apm {

// MessagePack arrays and maps begin with a byte over 0x7f, JSON never does.
bool looks_like_json(std::string_view body);

Result<model::Batch> parse_json_traces(std::string body);

// Fills `span` from a JSON span; texts are copied into `arena`, `_llmobs` stays in the document.
void read_json_span(codec::dom::element value, model::Arena& arena, ApmSpan& span);

}  // namespace catalejo::intake::dd_apm
