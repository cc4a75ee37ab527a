#include "azure/deployment.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

namespace catalejo::azure {
namespace {

constexpr int kTries = 4;
constexpr int kWaitSecondsMax = 20;  // longer than that the one who asked does not wait
constexpr std::size_t kSaidBytesMax = 300;

// What is said of an error: {"error":{"code":…,"message":…}}.
std::string said_by(const net::ClientResponse& response) {
  simdjson::dom::parser parser;
  std::string_view message;
  if (parser.parse(response.body)["error"]["message"].get(message) == simdjson::SUCCESS)
    return std::string(message.substr(0, kSaidBytesMax));
  return "";
}

int wait_seconds(const net::ClientResponse& response) {
  const std::string_view text = response.header("retry-after");
  int seconds = 1;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::max(seconds, 1);
}

std::string url_of(const Deployment& deployment, std::string_view operation) {
  if (deployment.api_version.empty()) return fmt::format("{}/{}", deployment.endpoint, operation);
  return fmt::format("{}/openai/deployments/{}/{}?api-version={}", deployment.endpoint,
                     deployment.name, operation, deployment.api_version);
}

net::Headers headers_of(const Deployment& deployment) {
  net::Headers headers = {{"Content-Type", "application/json"}};
  if (deployment.api_version.empty())
    headers.emplace_back("Authorization", "Bearer " + deployment.key);
  else
    headers.emplace_back("api-key", deployment.key);
  return headers;
}

}  // namespace

DeploymentClient::DeploymentClient(Deployment deployment, int timeout_ms)
    : deployment_(std::move(deployment)), client_(net::ClientOptions{.timeout_ms = timeout_ms}) {}

Result<std::string> DeploymentClient::post(std::string_view operation, std::string_view body,
                                           const Stopped& stopped) {
  const std::string url = url_of(deployment_, operation);
  const net::Headers headers = headers_of(deployment_);
  for (int attempt = 1;; ++attempt) {
    if (stopped()) return Error{Code::timeout, "nobody waits for the answer any more", ""};
    auto response = client_.request("POST", url, headers, body);
    if (!response) return response.error();
    if (response->status == 200) return std::move(response->body);
    const bool busy = response->status == 429 || response->status >= 500;
    const int seconds = wait_seconds(*response);
    if (!busy || attempt == kTries || seconds > kWaitSecondsMax)
      return Error{busy ? Code::busy : Code::bad_request,
                   fmt::format("HTTP {} {}", response->status, said_by(*response)), ""};
    for (int i = 0; i < 10 * seconds && !stopped(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace catalejo::azure
