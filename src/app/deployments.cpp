#include "app/deployments.hpp"

#include <fmt/format.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace catalejo::app {
namespace {

// "a, b" is a and b.
std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream pieces(text);
  for (std::string name; std::getline(pieces, name, ',');) {
    while (name.starts_with(' ')) name.erase(0, 1);
    while (name.ends_with(' ')) name.pop_back();
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

Result<std::optional<azure::Deployment>> checked(std::string_view what,
                                                 azure::Deployment deployment) {
  if (deployment.endpoint.empty() && deployment.name.empty() && deployment.key.empty())
    return std::optional<azure::Deployment>();
  if (deployment.endpoint.empty() || deployment.name.empty() || deployment.key.empty()) {
    return Error{Code::config,
                 fmt::format("the settings {0}_endpoint, {0}_key and the name of the deployment "
                             "belong together; one of them is not set",
                             what),
                 std::string(what)};
  }
  if (!deployment.endpoint.starts_with("https://") && !deployment.endpoint.starts_with("http://"))
    return Error{Code::config, "it begins with https://", fmt::format("{}_endpoint", what)};
  while (deployment.endpoint.ends_with('/')) deployment.endpoint.pop_back();
  return std::optional(std::move(deployment));
}

Result<evaluate::judge::Deployments> judge_deployments(const Settings& settings) {
  const std::string& version = settings.judge_api_version;
  auto deployment = checked("judge", {.endpoint = settings.judge_endpoint,
                                      .name = settings.judge_deployments,
                                      .key = settings.judge_key,
                                      .api_version = version == "none" ? "" : version});
  if (!deployment) return deployment.error();
  if (!*deployment) return evaluate::judge::Deployments{};
  return evaluate::judge::Deployments{.endpoint = **std::move(deployment),
                                      .names = names_in(settings.judge_deployments)};
}

}  // namespace catalejo::app
