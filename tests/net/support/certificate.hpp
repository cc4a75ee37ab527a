// A self-signed certificate for 127.0.0.1 and localhost, made when the test runs.
#pragma once

#include <string>

#include "net/server.hpp"

namespace catalejo::net::testing {

// Two PEM files in `directory`.
TlsFiles make_certificate(const std::string& directory);

}  // namespace catalejo::net::testing
