// A model deployment of the user's: on Azure OpenAI, or at another address that speaks like OpenAI.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/client.hpp"

namespace catalejo::azure {

struct Deployment {
  std::string endpoint;  // "https://contoso-eu.openai.azure.com", "https://models.example/v1"
  std::string name;      // of the deployment, or of the model
  std::string key;
  std::string api_version;  // empty = speaks like OpenAI: path without deployment, bearer key
};

// Asked while waiting; true = whoever wanted the answer is gone.
using Stopped = std::function<bool()>;

// Blocks; from one thread at a time.
class DeploymentClient {
 public:
  // `stopped` is asked while the client waits, for an answer too.
  explicit DeploymentClient(Deployment deployment, int timeout_ms = 30'000, Stopped stopped = {});

  // POSTs `body` to an operation ("embeddings", "chat/completions") and gives the body of the 200.
  // 429 and 5xx are tried again as Retry-After says, unless that is long.
  // Errors, told in words, with one word of their kind as `where`: "stopped", "timeout",
  // "unreachable", "rate_limit", "server", "key", "deployment", "content_filter", "request".
  Result<std::string> post(std::string_view operation, std::string_view body,
                           const Stopped& stopped);

  const Deployment& deployment() const { return deployment_; }

 private:
  const Deployment deployment_;
  net::Client client_;
};

}  // namespace catalejo::azure
