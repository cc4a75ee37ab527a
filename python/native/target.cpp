#include "target.hpp"

#include <algorithm>

namespace catalejo::tracer {
namespace {

bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

// What would end a line of a request, or a word of it.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c != 0x7f; });
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  if (!is_plain(text)) return std::nullopt;
  if (take(text, "unix://")) {
    if (text.empty() || text.front() != '/') return std::nullopt;
    url.socket_path = text;
    url.authority = "localhost";
    return url;
  }
  if (take(text, "https://")) {
    url.tls = true;
  } else if (!take(text, "http://")) {
    return std::nullopt;
  }
  std::string_view authority = text.substr(0, text.find_first_of("/?#"));
  url.path = text.substr(authority.size());
  while (!url.path.empty() && url.path.back() == '/') url.path.pop_back();
  authority = authority.substr(authority.rfind('@') + 1);  // of a user name there is no use
  url.authority = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    url.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else {
    url.host = authority.substr(0, authority.find(':'));
    port = authority.substr(url.host.size());
  }
  if (!port.empty() && port.front() != ':') return std::nullopt;
  if (port.size() > 1) url.port = port.substr(1);
  if (url.port.empty()) url.port = url.tls ? "443" : "80";
  const bool digits =
      std::all_of(url.port.begin(), url.port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (url.host.empty() || !digits || url.port.size() > 5 || std::stoi(url.port) > 65'535)
    return std::nullopt;
  return url;
}

}  // namespace catalejo::tracer
