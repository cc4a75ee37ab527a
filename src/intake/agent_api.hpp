// The HTTP interface of the Datadog agent, on port 8126 and a Unix socket: what unmodified tracers
// talk to. Needs no key, as the agent's does not.
#pragma once

#include <cstdint>
#include <string>

#include "base/counters.hpp"
#include "net/http.hpp"
#include "pipeline/pipeline.hpp"

namespace catalejo::intake {

struct AgentOptions {
  std::string version;  // of this program
  std::uint16_t port = 8126;
  std::string socket;  // path of the Unix socket, empty when there is none
};

// `pipeline` and `counters` outlive the handler.
net::Handler agent_handler(AgentOptions options, pipeline::Pipeline& pipeline, Counters& counters);

// The body of GET /info. Tracers choose their ways by it, so only what works is named.
std::string agent_info(const AgentOptions& options);

}  // namespace catalejo::intake
