#include "azure/deployment.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "codec/utf8.hpp"

namespace catalejo::azure {
namespace {

constexpr int kTries = 4;
constexpr int kWaitMsMin = 50;
constexpr int kWaitMsMax = 20'000;  // longer than that the one who asked does not wait
constexpr std::size_t kBodyBytesMax = 64u << 20;
constexpr std::size_t kSaidBytesMax = 300;

// What is said of an error: {"error":{"code":…,"message":…}}.
struct Said {
  std::string code, message;
  std::string categories;  // that its content filter refused: "jailbreak, violence (high)"
};

std::string categories_of(simdjson::dom::element error) {
  simdjson::dom::object results;
  if (error["innererror"]["content_filter_result"].get(results) != simdjson::SUCCESS) return "";
  std::string categories;
  for (const auto& [name, result] : results) {
    bool filtered = false;
    if (result["filtered"].get(filtered) != simdjson::SUCCESS || !filtered) continue;
    std::string_view severity;
    if (!categories.empty()) categories += ", ";
    categories += name;
    if (result["severity"].get(severity) == simdjson::SUCCESS)
      categories += fmt::format(" ({})", severity);
  }
  return std::string(codec::utf8_prefix(categories, kSaidBytesMax));
}

Said said_by(const net::ClientResponse& response) {
  simdjson::dom::parser parser;
  simdjson::dom::element error;
  std::string_view code, message;
  if (parser.parse(response.body)["error"].get(error) != simdjson::SUCCESS) return {};
  if (error["code"].get(code) != simdjson::SUCCESS) code = {};
  if (error["message"].get(message) != simdjson::SUCCESS) message = {};
  return {std::string(code), std::string(codec::utf8_prefix(message, kSaidBytesMax)),
          categories_of(error)};
}

int wait_ms(const net::ClientResponse& response) {
  return static_cast<int>(net::wait_asked_ms(response).value_or(1'000));
}

Error refused(const net::ClientResponse& response, const Deployment& deployment) {
  const Said said = said_by(response);
  const std::string quoted = said.message.empty() ? "" : ": " + said.message;
  const int status = response.status;
  const auto error = [&](Code code, std::string_view where, std::string_view words) {
    return Error{code, fmt::format("{} (HTTP {}{})", words, status, quoted), std::string(where)};
  };
  if (status == 429)
    return error(Code::busy, "rate_limit",
                 fmt::format("the deployment's limit of calls or tokens is used up; it asks to "
                             "wait {:.3g} s",
                             wait_ms(response) / 1'000.0));
  if (status >= 500) return error(Code::busy, "server", "the deployment failed");
  if (status == 401 || status == 403)
    return error(Code::bad_request, "key", "the deployment refused the key");
  if (status == 404)
    return error(Code::bad_request, "deployment",
                 fmt::format("there is no deployment \"{}\" at this endpoint", deployment.name));
  if (status == 400 && said.code == "content_filter")
    return error(
        Code::bad_request, "content_filter",
        said.categories.empty()
            ? "the content filter of the deployment refused the texts"
            : "the content filter of the deployment refused the texts: " + said.categories);
  return error(Code::bad_request, "request", "the deployment refused the request");
}

// What no answer came of.
Error unanswered(Error error, const Stopped& stopped) {
  if (stopped && stopped())
    return {Code::timeout, "nobody waits for the answer any more", "stopped"};
  // The address of the endpoint is the user's own affair, and may hold more than a name.
  if (error.code == Code::timeout)
    return {Code::timeout, "the deployment did not answer in time", "timeout"};
  return {error.code, std::move(error.message), "unreachable"};
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

DeploymentClient::DeploymentClient(Deployment deployment, int timeout_ms, Stopped stopped)
    : deployment_(std::move(deployment)),
      client_(net::ClientOptions{.timeout_ms = timeout_ms,
                                 .body_bytes_max = kBodyBytesMax,
                                 .stopped = std::move(stopped)}) {}

Result<std::string> DeploymentClient::post(std::string_view operation, std::string_view body,
                                           const Stopped& stopped) {
  const std::string url = url_of(deployment_, operation);
  const net::Headers headers = headers_of(deployment_);
  for (int attempt = 1;; ++attempt) {
    if (stopped()) return unanswered({}, stopped);
    auto response = client_.request("POST", url, headers, body);
    if (!response) return unanswered(response.error(), stopped);
    if (response->status == 200) return std::move(response->body);
    const bool again = response->status == 429 || response->status >= 500;
    const int wait = std::max(wait_ms(*response), kWaitMsMin);
    if (!again || attempt == kTries || wait > kWaitMsMax) return refused(*response, deployment_);
    for (int waited = 0; waited < wait && !stopped(); waited += kWaitMsMin)
      std::this_thread::sleep_for(std::chrono::milliseconds(kWaitMsMin));
  }
}

}  // namespace catalejo::azure
