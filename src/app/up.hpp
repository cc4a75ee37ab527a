// `catalejo up` (agent, server and embedded store in one) and `catalejo server` (without the
// agent's port): opens everything, wires it, serves until SIGINT or SIGTERM, stops in order.
#pragma once

#include "app/settings.hpp"

namespace catalejo::app {

struct UpOptions {
  bool agent = true;  // listen on the agent's port and socket
};

int up(const Settings& settings, const UpOptions& options);

}  // namespace catalejo::app
