// The route of replays. For this folder only.
#pragma once

#include "api/routes.hpp"

namespace catalejo::api {

Answer replay_monitor(ApiPtr api, net::Request request, std::string id);

}  // namespace catalejo::api
