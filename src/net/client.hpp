// Blocking HTTP/1.1 client with keep-alive on TCP, TLS or a Unix socket (libcurl inside). One
// object per thread; not thread-safe. For worker threads and commands, never on an event loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http.hpp"

namespace catalejo::net {

struct ClientOptions {
  std::string unix_path = {};  // connect here instead of the URL's host when not empty
  std::string ca_file = {};    // extra trusted certificates
  int connect_timeout_ms = 2'000;
  int timeout_ms = 30'000;
  std::size_t body_bytes_max = 256u << 20;
  std::function<bool()> stopped = {};  // asked while it waits; true = the request ends, unanswered
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
  std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

// How long an answer asks to wait, in milliseconds; "retry-after-ms", which Azure says too, before
// Retry-After in seconds. nullopt when it says neither, or a date.
std::optional<std::int64_t> wait_asked_ms(const ClientResponse& response);

class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // Error only when no answer came (refused, timeout, cut); any status is a value.
  Result<ClientResponse> request(std::string_view method, const std::string& url,
                                 const Headers& headers, std::string_view body);
  // POST of a body that lies in many places; they must stay until it returns.
  Result<ClientResponse> post(const std::string& url, const Headers& headers,
                              std::span<const std::string_view> pieces);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catalejo::net
