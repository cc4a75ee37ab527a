// HTTP/1.1 server on TCP, TLS and Unix sockets. One event loop per thread; a connection lives and
// dies on the loop that took it. Handlers run on that loop and must not block it: what takes long
// is awaited (a Future from another thread).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "net/http.hpp"

namespace catalejo::net {

struct TlsFiles {
  std::string certificate_chain_pem_path;
  std::string private_key_pem_path;
};

struct Listener {
  std::string name;        // for logs and counters: "apm", "page", "agentless"
  std::string address;     // "127.0.0.1", "::1"; empty for a Unix socket
  std::uint16_t port = 0;  // 0 = any free one, see Server::port
  std::string unix_path;   // used when address is empty; a stale socket file is replaced
  unsigned unix_mode = 0660;
  std::optional<TlsFiles> tls;
  Handler handler;
};

// What one client, and all of them together, may take. Tests lower them; programs keep them.
struct ServerLimits {
  std::size_t header_bytes_max = limits::http_header_bytes_max;
  std::size_t body_bytes_max = limits::intake_body_bytes_max;
  std::size_t bodies_in_flight_bytes_max = limits::bodies_in_flight_bytes_max;
  std::size_t connections_max = limits::connections_max;
  // Of a Server-Sent Events client that reads too slowly, before it is closed.
  std::size_t events_waiting_max = 256;
  std::size_t event_bytes_waiting_max = 4u << 20;
  // What is read and thrown away after a refusal, so that the client gets to read the answer.
  std::size_t linger_bytes_max = 64u << 20;
  int linger_ms = 5'000;
  int handshake_timeout_ms = 10'000;
  int header_timeout_ms = limits::header_timeout_seconds * 1'000;
  int body_timeout_ms = limits::body_timeout_seconds * 1'000;
  int keep_alive_ms = limits::keep_alive_seconds * 1'000;
  int write_timeout_ms = limits::write_timeout_seconds * 1'000;  // without any progress
  int event_comment_ms = 15'000;
};

struct ServerOptions {
  int threads = 2;
  Counters* counters = nullptr;  // outlives the server
  ServerLimits limits = {};
};

class Server {
 public:
  static Result<std::unique_ptr<Server>> open(ServerOptions options,
                                              std::vector<Listener> listeners);
  virtual ~Server() = default;
  // The port in use of the listener with that name (the asked one, or the one chosen for 0).
  virtual std::uint16_t port(const std::string& listener) const = 0;
  // Stops accepting, lets running requests finish within the deadline, closes, joins the loops.
  virtual void stop(int deadline_ms) = 0;
};

}  // namespace catalejo::net
