// What Datadog's intake hosts answer, for applications that send without an agent: by path, under
// whatever host name the client made from DD_SITE. Every request needs an API key.
#pragma once

#include <functional>
#include <string_view>

#include "base/counters.hpp"
#include "net/http.hpp"
#include "pipeline/pipeline.hpp"

namespace catalejo::intake {

struct AgentlessOptions {
  // Gets the key of the request, empty when it has none; decides.
  std::function<bool(std::string_view key)> check_key;
};

// `pipeline` and `counters` outlive the handler.
net::Handler agentless_handler(AgentlessOptions options, pipeline::Pipeline& pipeline,
                               Counters& counters);

// Whether the request belongs here; the page and its API live on the same port. The LLMObs paths
// may stand behind a base path (DD_LLMOBS_OVERRIDE_ORIGIN=http://host/base).
bool agentless_route(const net::Request& request);

}  // namespace catalejo::intake
