// Which metrics have more series than they may, and which of their tags make them. For this folder
// only.
#pragma once

#include <string>

#include "api/routes.hpp"

namespace catalejo::api {

Answer get_metric_cardinality(ApiPtr api, net::Request request, std::string id);

}  // namespace catalejo::api
