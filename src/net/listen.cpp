#include "net/listen.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace catalejo::net {
namespace {

constexpr int kBacklog = 4096;  // the kernel cuts it to net.core.somaxconn

union Address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
  sockaddr_un path;
  sockaddr_storage storage;
};

struct Target {
  Address address{};
  socklen_t size = 0;
};

Result<Target> tcp_target(const Listener& listener) {
  Target target;
  if (inet_pton(AF_INET, listener.address.c_str(), &target.address.v4.sin_addr) == 1) {
    target.address.v4.sin_family = AF_INET;
    target.address.v4.sin_port = htons(listener.port);
    target.size = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, listener.address.c_str(), &target.address.v6.sin6_addr) == 1) {
    target.address.v6.sin6_family = AF_INET6;
    target.address.v6.sin6_port = htons(listener.port);
    target.size = sizeof(sockaddr_in6);
  } else {
    return Error{Code::config, "not an IP address to listen on", listener.address};
  }
  return target;
}

Result<Target> unix_target(const std::string& path) {
  Target target;
  target.address.path.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path))
    return Error{Code::config,
                 fmt::format("the path of a Unix socket has 1 to {} bytes",
                             sizeof(sockaddr_un::sun_path) - 1),
                 path};
  std::memcpy(target.address.path.sun_path, path.c_str(), path.size() + 1);
  target.size = sizeof(sockaddr_un);
  return target;
}

// Removes the socket file of a server that is gone; refuses when one answers, or it is no socket.
Result<void> make_way(const std::string& path, const Target& target, int type) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    return errno_error("look at", path);
  }
  if (!S_ISSOCK(status.st_mode))
    return Error{Code::config, "something that is no socket is in the way", path};
  const UniqueFd probe(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!probe) return errno_error("make a socket for it", path);
  if (::connect(probe.get(), &target.address.any, target.size) == 0 || errno != ECONNREFUSED)
    return Error{Code::busy, "another server listens there; stop it or choose another", path};
  if (::unlink(path.c_str()) != 0) return errno_error("remove the stale socket", path);
  return {};
}

}  // namespace

// Busy when another process has the place, so that a command can say so.
static Error cannot_listen(const std::string& where) {
  if (errno == EADDRINUSE)
    return {Code::busy, "another program listens there; stop it or choose another port", where};
  return errno_error("listen", where);
}

static std::string place_of(const Listener& listener) {
  return listener.address.empty() ? listener.unix_path
                                  : fmt::format("{}:{}", listener.address, listener.port);
}

static Result<UniqueFd> bind_to(const Listener& listener, int type) {
  const bool is_unix = listener.address.empty();
  Result<Target> target = is_unix ? unix_target(listener.unix_path) : tcp_target(listener);
  if (!target) return target.error();
  const std::string where = place_of(listener);
  if (is_unix) CATALEJO_TRY(make_way(listener.unix_path, *target, type));
  UniqueFd fd(::socket(target->address.any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return errno_error("make a socket for it", where);
  const int on = 1;
  // Of UDP it would let two programs share a port, and each lose half.
  if (!is_unix && type == SOCK_STREAM)
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(fd.get(), &target->address.any, target->size) != 0) return cannot_listen(where);
  if (is_unix && ::chmod(listener.unix_path.c_str(), listener.unix_mode) != 0)
    return errno_error("set the mode of the socket", where);
  return fd;
}

Result<UniqueFd> listen_on(const Listener& listener) {
  Result<UniqueFd> fd = bind_to(listener, SOCK_STREAM);
  if (fd && ::listen(fd->get(), kBacklog) != 0) return cannot_listen(place_of(listener));
  return fd;
}

Result<UniqueFd> take_datagrams_on(const Listener& listener) {
  return bind_to(listener, SOCK_DGRAM);
}

std::uint16_t local_port(int fd) {
  Address address{};
  socklen_t size = sizeof(address);
  if (::getsockname(fd, &address.any, &size) != 0) return 0;
  if (address.any.sa_family == AF_INET) return ntohs(address.v4.sin_port);
  if (address.any.sa_family == AF_INET6) return ntohs(address.v6.sin6_port);
  return 0;
}

std::string peer_name(int fd) {
  Address address{};
  socklen_t size = sizeof(address);
  if (::getpeername(fd, &address.any, &size) != 0) return "unknown";
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.any.sa_family == AF_INET) {
    inet_ntop(AF_INET, &address.v4.sin_addr, text.data(), text.size());
    return fmt::format("{}:{}", text.data(), ntohs(address.v4.sin_port));
  }
  if (address.any.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &address.v6.sin6_addr, text.data(), text.size());
    return fmt::format("[{}]:{}", text.data(), ntohs(address.v6.sin6_port));
  }
  return "unix";
}

}  // namespace catalejo::net
