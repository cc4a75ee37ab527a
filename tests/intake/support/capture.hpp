// Requests of real clients, recorded: tests/protocol/captures/<name>.json has method, target and
// headers, <name>.bin the body.
#pragma once

#include <string>

#include "net/http.hpp"

namespace catalejo::intake {

net::Request load_capture(const std::string& name);
std::string load_body(const std::string& name);  // the body as sent
std::string inflated_body(const std::string& name);

}  // namespace catalejo::intake
