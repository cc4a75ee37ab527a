// The addresses behind a host name.
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include "target.hpp"

namespace catalejo::tracer {

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

// Empty, with words in `error`, when there is none. Numbers and "localhost" are answered without
// the C library's resolver, which takes locks that a fork() of another thread would leave locked
// in the child. The resolver may take its time; it cannot be interrupted.
std::vector<Address> addresses_of(const Url& url, std::string& error);

}  // namespace catalejo::tracer
