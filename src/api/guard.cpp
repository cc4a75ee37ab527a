#include "api/guard.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"

namespace catalejo::api {
namespace {

// "localhost" of "localhost:8127", "::1" of "[::1]:8127".
std::string_view host_without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end == std::string_view::npos ? std::string_view{} : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

// A dotted address of 127.0.0.0/8, nothing like "127.evil.example".
bool is_loopback_v4(std::string_view host) {
  return host.starts_with("127.") && std::ranges::count(host, '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_this_machine(std::string_view host, const std::vector<std::string>& host_names) {
  return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
         is_loopback_v4(host) || std::ranges::find(host_names, host) != host_names.end();
}

std::string cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    std::string_view pair = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(header.size(), pair.size() + 1));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      return std::string(pair.substr(name.size() + 1));
  }
  return {};
}

}  // namespace

std::string key_of(const net::Request& request) {
  if (const auto key = request.header("DD-API-KEY"); !key.empty()) return std::string(key);
  constexpr std::string_view kBearer = "bearer ";
  const std::string_view authorization = request.header("Authorization");
  if (lower_ascii(authorization.substr(0, kBearer.size())) == kBearer)
    return std::string(authorization.substr(kBearer.size()));
  if (std::string key = cookie(request.header("Cookie"), "catalejo_key"); !key.empty()) return key;
  return request.parameter("api_key").value_or("");
}

std::optional<Error> check_same_site(const net::Request& request,
                                     const std::vector<std::string>& host_names) {
  const std::string host = lower_ascii(request.header("Host"));
  if (!is_this_machine(host_without_port(host), host_names)) {
    return Error{Code::forbidden,
                 fmt::format("while no API key exists, the page answers to localhost only and not "
                             "to '{}'; open it as http://localhost, or make a key with `catalejo "
                             "key create NAME`",
                             host),
                 "Host"};
  }
  const std::string origin = lower_ascii(request.header("Origin"));
  if (origin.empty()) return std::nullopt;
  const std::size_t scheme = origin.find("://");
  if (scheme != std::string::npos && std::string_view(origin).substr(scheme + 3) == host)
    return std::nullopt;
  return Error{Code::forbidden,
               fmt::format("while no API key exists, a page from '{}' may not ask here; make a key "
                           "with `catalejo key create NAME` and send it as DD-API-KEY",
                           origin),
               "Origin"};
}

void add_security_headers(net::Response& response) {
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
}

}  // namespace catalejo::api
