#include "app/running_server.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "app/exit_code.hpp"

namespace catalejo::app {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

RunningServer running_server(const Settings& settings, const std::string& url,
                             const std::string& key, int timeout_ms) {
  RunningServer server{
      .url = url.empty() ? fmt::format("http://127.0.0.1:{}", settings.http_port) : url,
      .headers = {},
      .client = net::Client({.ca_file = settings.tls_dir() + "/ca.pem", .timeout_ms = timeout_ms})};
  std::string known = key;
  if (known.empty()) known = variable("CATALEJO_API_KEY");
  if (known.empty()) known = variable("DD_API_KEY");
  if (!known.empty()) server.headers.emplace_back("DD-API-KEY", known);
  return server;
}

int not_running(std::string_view url, std::string_view why) {
  fmt::print(stderr,
             "catalejo: nothing answers at {} ({}).\n"
             "Start it with `catalejo up`, or name another place with --url.\n",
             url, why);
  return exit_not_running;
}

}  // namespace catalejo::app
