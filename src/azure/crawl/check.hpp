// Goes through everything that reading Azure needs, step by step, and says of each what came of it:
// for whoever sets it up. Reads a few minutes of metrics, keeps nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "azure/api.hpp"
#include "base/result.hpp"

namespace catalejo::azure {

struct CheckStep {
  std::string name;   // "token", "subscriptions", "accounts", "deployments", "metrics", "values"
  std::string about;  // a subscription or an account; empty = the whole
  bool right = false;
  std::string said;     // what was found, or what went wrong
  std::string problem;  // of problem.hpp, when it is not right
};

// Gives each step as soon as it is known. Ends where the next would make no sense.
void check(Api& api, const std::function<void(CheckStep)>& step);

}  // namespace catalejo::azure
