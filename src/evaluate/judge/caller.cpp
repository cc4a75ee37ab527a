#include "evaluate/judge/caller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/time.hpp"
#include "cost/price_book.hpp"
#include "evaluate/judge/prompt.hpp"

namespace catalejo::evaluate::judge {
namespace {

// 128 bits of the system's own randomness.
std::string new_fence() {
  std::random_device random;
  std::string fence;
  for (int i = 0; i < 4; ++i) fence += fmt::format("{:08x}", random());
  return fence;
}

// "contoso-eu" of "https://contoso-eu.openai.azure.com"; others than Azure have none.
std::string resource_of(const azure::Deployment& endpoint) {
  if (endpoint.api_version.empty()) return "";
  const std::string_view url = endpoint.endpoint;
  const std::size_t scheme = url.find("://");
  const std::string_view host = scheme == url.npos ? url : url.substr(scheme + 3);
  return cost::resource_name(host.substr(0, host.find('/')));
}

Answer no_answer(Error error) {
  return Answer{.verdict = std::move(error)};
}

}  // namespace

Caller::Caller(Deployments deployments, int timeout_ms, azure::Stopped stopped)
    : deployments_(std::move(deployments)), timeout_ms_(timeout_ms), stopped_(std::move(stopped)) {}

Call Caller::ask(const Settings& settings, const Subject& subject) {
  const auto& names = deployments_.names;
  Call call{.deployment = settings.deployment,
            .resource = resource_of(deployments_.endpoint),
            .sent = {},
            .start = now(),
            .answer = no_answer({})};
  if (call.deployment.empty() && !names.empty()) call.deployment = names.front();
  if (std::ranges::find(names, call.deployment) == names.end()) {
    call.answer =
        no_answer({Code::bad_request,
                   names.empty() ? "this server has no deployment to ask: set judge_endpoint, "
                                   "judge_deployments and judge_key"
                                 : fmt::format("this server has no deployment \"{}\" to ask",
                                               call.deployment),
                   "deployment"});
    return call;
  }
  auto client = clients_.find(call.deployment);
  if (client == clients_.end()) {
    azure::Deployment deployment = deployments_.endpoint;
    deployment.name = call.deployment;
    client =
        clients_.try_emplace(call.deployment, std::move(deployment), timeout_ms_, stopped_).first;
  }
  call.sent = chat_request(settings.definition, subject, call.deployment, new_fence());
  const std::int64_t begin = steady_now_nanos();
  auto body = client->second.post("chat/completions", call.sent, stopped_);
  call.duration_ns = steady_now_nanos() - begin;
  call.answer = body ? read_answer(settings.definition, *body) : no_answer(body.error());
  return call;
}

}  // namespace catalejo::evaluate::judge
