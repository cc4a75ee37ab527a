// Where events go and how: what `configure` was given, as values. See catalejo/_core.pyi.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catalejo::tracer {

using Headers = std::vector<std::pair<std::string, std::string>>;

// A URL taken apart: http(s)://host[:port][/path] or unix:///path/of.socket.
struct Url {
  bool tls = false;
  std::string socket_path;  // of a Unix socket; then `host` is empty
  std::string host;         // without the brackets of an IPv6 address
  std::string port;
  std::string authority;  // what the Host header says
  std::string path;       // without the last slash; may be empty

  bool same_origin(const Url& other) const {
    return tls == other.tls && socket_path == other.socket_path && host == other.host &&
           port == other.port;
  }
};
std::optional<Url> parse_url(std::string_view text);

enum class Kind : std::uint8_t { span = 0, evaluation = 1 };
inline constexpr std::size_t kKinds = 2;
constexpr std::size_t index_of(Kind kind) {
  return static_cast<std::size_t>(kind);
}

// One address to POST to, with its headers.
struct Endpoint {
  Url url;
  Headers headers;
};

struct Target {
  // Per kind: the agent (or whatever `url` names), and where to go without it.
  std::optional<Endpoint> direct[kKinds];
  std::optional<Endpoint> agentless[kKinds];
  std::optional<Url> info;  // asked first whether the agent takes events; empty: not asked
  std::string ca_file;
  std::string tracer_version;
  std::uint32_t flush_interval_ms = 1'000;
  std::uint32_t timeout_ms = 5'000;
  std::size_t queue_bytes_max = 32u << 20;
  std::size_t batch_bytes_max = 1u << 20;
  std::string spool_dir;
  std::size_t spool_bytes_max = 64u << 20;
  bool debug = false;
  // See redaction.hpp; empty: none.
  std::string redact, redact_patterns, redact_key, redact_library;

  const Endpoint* endpoint(Kind kind, bool without_agent) const {
    const auto& own = agentless[index_of(kind)];
    const auto& first = direct[index_of(kind)];
    if (own && (without_agent || !first)) return &*own;
    return first ? &*first : nullptr;
  }
};

}  // namespace catalejo::tracer
