// A listening descriptor on TCP or a Unix socket, non-blocking; and one that takes datagrams.
#pragma once

#include <cstdint>
#include <string>

#include "base/file.hpp"
#include "base/result.hpp"
#include "net/server.hpp"

namespace catalejo::net {

Result<UniqueFd> listen_on(const Listener& listener);
// By UDP or a Unix socket; of a listener address, port, path and mode are used.
Result<UniqueFd> take_datagrams_on(const Listener& listener);
std::uint16_t local_port(int fd);
// "127.0.0.1:40312", "[::1]:40312" or "unix".
std::string peer_name(int fd);

}  // namespace catalejo::net
