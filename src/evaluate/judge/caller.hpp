// Asks a deployment what it makes of a span.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "azure/deployment.hpp"
#include "evaluate/judge/answer.hpp"
#include "evaluate/judge/settings.hpp"
#include "evaluate/subject.hpp"

namespace catalejo::evaluate::judge {

// What the program was given. The key goes to the endpoint and nowhere else.
struct Deployments {
  azure::Deployment endpoint;      // without a name
  std::vector<std::string> names;  // empty = there is nobody to ask
};

// The deployment of that name, or the first without one. Error bad_request about "deployment", as
// nobody can be asked.
Result<azure::Deployment> choose(const Deployments& deployments, const std::string& name);
// "contoso-eu" of "https://contoso-eu.openai.azure.com"; others than Azure have none.
std::string resource_of(const azure::Deployment& endpoint);

// One question and what came of it.
struct Call {
  std::string deployment, resource;  // the second on Azure only
  std::string sent;                  // the body
  UnixNanos start;
  std::int64_t duration_ns = 0;
  // When nobody answered, its verdict says why, and the rest is empty.
  Answer answer;
};

// Blocks, up to the time a model may take. From one thread.
class Caller {
 public:
  Caller(Deployments deployments, int timeout_ms, azure::Stopped stopped);
  // The label of the verdict points into `settings`.
  Call ask(const Settings& settings, const Subject& subject);

 private:
  Deployments deployments_;
  int timeout_ms_;
  azure::Stopped stopped_;
  std::map<std::string, azure::DeploymentClient> clients_;
};

}  // namespace catalejo::evaluate::judge
