// The trace protocols of the Datadog agent. Pure functions from a body to a batch; the body's
// bytes live on in the batch.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/batch.hpp"

namespace catalejo::intake::dd_apm {

// Of a table of texts, each of which is two words of memory; clients send some thousand.
inline constexpr std::size_t kTextsMax = 1'000'000;

// /v0.4/traces and /v0.3/traces (the same shape): an array of chunks, each an array of span maps.
// MessagePack, or JSON when the first byte says so.
Result<model::Batch> parse_v04(std::string body);

// /v0.5/traces: a table of texts, then chunks of spans as arrays of twelve that point into it.
Result<model::Batch> parse_v05(std::string body);

// /api/v0.2/traces: what an Agent sends on (protobuf, AgentPayload), its spans written out or, of
// newer Agents, with a table of texts. https://github.com/DataDog/datadog-agent/tree/main/pkg/proto
Result<model::Batch> parse_agent_payload(std::string body);

}  // namespace catalejo::intake::dd_apm
