// LLMObs span events as the SDKs post them to `api/v2/llmobs`, and spans of the public API.
// Pure functions from a body to a batch.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/batch.hpp"

namespace catalejo::intake::dd_llmobs {

// {"event_type":"span","spans":[EVENT…]} or an array of such, as JSON or MessagePack (told apart
// by the first byte).
Result<model::Batch> parse_events(std::string body);

// The public intake: {"data":{"type":"span","attributes":{"ml_app","spans":[…],"tags":[…],…}}}.
Result<model::Batch> parse_public_spans(std::string body);

}  // namespace catalejo::intake::dd_llmobs
