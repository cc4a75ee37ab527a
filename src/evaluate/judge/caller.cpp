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

Answer no_answer(Error error) {
  return Answer{.verdict = std::move(error)};
}

}  // namespace

Result<azure::Deployment> choose(const Deployments& deployments, const std::string& name) {
  const auto& names = deployments.names;
  azure::Deployment chosen = deployments.endpoint;
  chosen.name = name.empty() && !names.empty() ? names.front() : name;
  if (std::ranges::find(names, chosen.name) != names.end()) return chosen;
  return Error{Code::bad_request,
               names.empty()
                   ? "this server has no deployment to ask: set judge_endpoint, "
                     "judge_deployments and judge_key"
                   : fmt::format("this server has no deployment \"{}\" to ask", chosen.name),
               "deployment"};
}

std::string resource_of(const azure::Deployment& endpoint) {
  if (endpoint.api_version.empty()) return "";
  const std::string_view url = endpoint.endpoint;
  const std::size_t scheme = url.find("://");
  const std::string_view host = scheme == url.npos ? url : url.substr(scheme + 3);
  return cost::resource_name(host.substr(0, host.find('/')));
}

Caller::Caller(Deployments deployments, int timeout_ms, azure::Stopped stopped)
    : deployments_(std::move(deployments)), timeout_ms_(timeout_ms), stopped_(std::move(stopped)) {}

Call Caller::ask(const Settings& settings, const Subject& subject) {
  Call call{.deployment = settings.deployment,
            .resource = resource_of(deployments_.endpoint),
            .sent = {},
            .start = now(),
            .answer = no_answer({})};
  auto chosen = choose(deployments_, settings.deployment);
  if (!chosen) {
    call.answer = no_answer(chosen.error());
    return call;
  }
  call.deployment = chosen->name;
  auto client = clients_.find(call.deployment);
  if (client == clients_.end())
    client = clients_.try_emplace(call.deployment, *std::move(chosen), timeout_ms_, stopped_).first;
  call.sent = chat_request(settings.definition, subject, call.deployment, new_fence());
  const std::int64_t begin = steady_now_nanos();
  auto body = client->second.post("chat/completions", call.sent, stopped_);
  call.duration_ns = steady_now_nanos() - begin;
  call.answer = body ? read_answer(settings.definition, *body) : no_answer(body.error());
  return call;
}

}  // namespace catalejo::evaluate::judge
