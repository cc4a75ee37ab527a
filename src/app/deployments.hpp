// Settings that name deployments of models, checked.
#pragma once

#include <optional>
#include <string_view>

#include "app/settings.hpp"
#include "azure/deployment.hpp"
#include "base/result.hpp"
#include "evaluate/judge/caller.hpp"

namespace catalejo::app {

// All of it or none: half of an address is a mistake. `what` begins the names of its settings.
Result<std::optional<azure::Deployment>> checked(std::string_view what,
                                                 azure::Deployment deployment);

// Those that judges and the playground ask; none when nothing is set.
Result<evaluate::judge::Deployments> judge_deployments(const Settings& settings);

}  // namespace catalejo::app
