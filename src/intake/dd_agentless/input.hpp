// The agentless trace intake of ddtrace 4: APM spans as JSON with the LLM half inline.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/batch.hpp"

namespace catalejo::intake::dd_agentless {

// {"traces":[{"env":…,"spans":[SPAN…]}]} of /v1/input, already inflated.
Result<model::Batch> parse_input(std::string body);

}  // namespace catalejo::intake::dd_agentless
