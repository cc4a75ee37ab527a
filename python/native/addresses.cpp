#include "addresses.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace catalejo::tracer {
namespace {

bool parse_number(const std::string& host, std::uint16_t port, Address& address) {
  sockaddr_in four{};
  sockaddr_in6 six{};
  if (::inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    std::memcpy(&address.bytes, &four, address.size = sizeof four);
    return true;
  }
  if (::inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    std::memcpy(&address.bytes, &six, address.size = sizeof six);
    return true;
  }
  return false;
}

}  // namespace

std::vector<Address> addresses_of(const Url& url, std::string& error) {
  std::vector<Address> addresses;
  const auto port = static_cast<std::uint16_t>(std::atoi(url.port.c_str()));
  Address address;
  for (const char* loopback : {"127.0.0.1", "::1"}) {
    const std::string& host = url.host == "localhost" ? std::string(loopback) : url.host;
    if (!parse_number(host, port, address)) break;
    addresses.push_back(address);
    if (url.host != "localhost") break;
  }
  if (!addresses.empty()) return addresses;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found);
  if (problem != 0) {
    error = url.host + ": " + ::gai_strerror(problem);
    return addresses;
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, ::freeaddrinfo);
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    if (one->ai_addrlen > sizeof address.bytes) continue;
    std::memcpy(&address.bytes, one->ai_addr, address.size = one->ai_addrlen);
    addresses.push_back(address);
  }
  return addresses;
}

}  // namespace catalejo::tracer
