// A listening descriptor on TCP or a Unix socket, non-blocking.
#pragma once

#include <cstdint>
#include <string>

#include "base/file.hpp"
#include "base/result.hpp"
#include "net/server.hpp"

namespace catalejo::net {

Result<UniqueFd> listen_on(const Listener& listener);
std::uint16_t local_port(int fd);
// "127.0.0.1:40312", "[::1]:40312" or "unix".
std::string peer_name(int fd);

}  // namespace catalejo::net
