// The server that commands ask, which runs beside them or at --url.
#pragma once

#include <string>
#include <string_view>

#include "app/settings.hpp"
#include "net/client.hpp"

namespace catalejo::app {

struct RunningServer {
  std::string url;
  net::Headers headers;  // with the key, where there is one
  net::Client client;
};

// `url` empty: http://127.0.0.1:<http_port>; `key` empty: $CATALEJO_API_KEY or $DD_API_KEY.
RunningServer running_server(const Settings& settings, const std::string& url,
                             const std::string& key, int timeout_ms);
// Says that nothing answers there, and what to do. Gives the exit code.
int not_running(std::string_view url, std::string_view why);

}  // namespace catalejo::app
