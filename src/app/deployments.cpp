#include "app/deployments.hpp"

#include <fmt/format.h>

#include <sstream>
#include <utility>

namespace catalejo::app {

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

}  // namespace catalejo::app
