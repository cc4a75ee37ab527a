// Settings that name deployments of models, checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "azure/deployment.hpp"
#include "base/result.hpp"

namespace catalejo::app {

// All of it or none: half of an address is a mistake. `what` begins the names of its settings.
Result<std::optional<azure::Deployment>> checked(std::string_view what,
                                                 azure::Deployment deployment);

// "a, b" is a and b.
std::vector<std::string> names_in(const std::string& text);

}  // namespace catalejo::app
