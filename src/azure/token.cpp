#include "azure/token.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "azure/problem.hpp"
#include "base/file.hpp"
#include "net/http.hpp"

namespace catalejo::azure {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 4> kAuthNames = {"", "secret", "workload", "managed"};
// A call may take a minute, and clocks differ.
constexpr std::int64_t kEarlySeconds = 300;
constexpr std::int64_t kSecondsMax = 86'400;

std::int64_t whole_number(dom::object object, std::string_view name) {
  dom::element value;
  if (object[name].get(value) != simdjson::SUCCESS) return -1;
  std::int64_t number = -1;
  if (value.get(number) == simdjson::SUCCESS) return number;
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : -1;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.pop_back();
  return text;
}

}  // namespace

std::string_view auth_name(Auth auth) {
  return kAuthNames[static_cast<std::size_t>(auth)];
}

std::optional<Auth> auth_of(std::string_view name) {
  const auto* found = std::ranges::find(kAuthNames, name);
  if (found == kAuthNames.end()) return std::nullopt;
  return static_cast<Auth>(found - kAuthNames.begin());
}

Result<Token> read_token(std::string_view body, UnixNanos now) {
  dom::parser parser;
  dom::object fields;
  std::string_view value;
  if (parser.parse(body.data(), body.size()).get(fields) != simdjson::SUCCESS ||
      fields["access_token"].get(value) != simdjson::SUCCESS || value.empty())
    return problem("malformed", "no access_token");
  // It becomes a line of a header.
  if (std::ranges::any_of(value, [](char c) { return c <= ' ' || c > '~'; }))
    return problem("malformed", "an access_token with odd characters");
  std::int64_t seconds = whole_number(fields, "expires_in");
  if (seconds < 0) {
    const std::int64_t on = whole_number(fields, "expires_on");
    seconds = on < 0 ? kEarlySeconds : on - now.value / kNanosPerSecond;
  }
  seconds = std::clamp<std::int64_t>(seconds, 0, kSecondsMax);
  return Token{std::string(value), {now.value + seconds * kNanosPerSecond}};
}

Result<std::string> Tokens::get(const std::string& audience) {
  const auto kept = kept_.find(audience);
  const UnixNanos at = now();
  if (kept != kept_.end() && kept->second.renew > at) return kept->second.value;
  auto token = fetch(audience);
  if (!token) return token.error();
  const std::int64_t life = std::max<std::int64_t>(token->expires.value - at.value, 0);
  const std::int64_t early = std::min(kEarlySeconds * kNanosPerSecond, life / 4);
  kept_[audience] = {token->value, {token->expires.value - early}};
  return token->value;
}

// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow: with a
// secret, and with an assertion that somebody else has signed.
Result<net::ClientResponse> Tokens::ask_entra(const std::string& audience,
                                              const std::string& proof) {
  return http_.ask({.method = "POST",
                    .url = fmt::format("{}/{}/oauth2/v2.0/token", endpoints_.authority,
                                       net::percent_encode(login_.tenant)),
                    .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                    .body = fmt::format("grant_type=client_credentials&client_id={}&scope={}&{}",
                                        net::percent_encode(login_.client),
                                        net::percent_encode(audience + "/.default"), proof)});
}

// https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
// and, with a header of its own, https://learn.microsoft.com/azure/app-service/overview-managed-
// identity#rest-endpoint-reference.
Result<net::ClientResponse> Tokens::ask_identity(const std::string& audience) {
  const bool app = !endpoints_.app_identity.empty();
  std::string url = fmt::format("{}?api-version={}&resource={}",
                                app ? endpoints_.app_identity : endpoints_.identity,
                                app ? "2019-08-01" : "2018-02-01", net::percent_encode(audience));
  if (!login_.client.empty()) url += "&client_id=" + net::percent_encode(login_.client);
  net::Headers headers = {{"Metadata", "true"}};
  if (app) headers = {{"X-IDENTITY-HEADER", endpoints_.app_identity_header}};
  auto response = http_.ask({.method = "GET",
                             .url = std::move(url),
                             .headers = std::move(headers),
                             .body = {},
                             .also_again = "404 410"});
  if (!response && response.error().where != "stopped")
    return problem("identity_unreachable", response.error().message, Code::io);
  return response;
}

Result<Token> Tokens::fetch(const std::string& audience) {
  if (login_.auth == Auth::none) return problem("not_set_up", {}, Code::config);
  const UnixNanos asked = now();
  Result<net::ClientResponse> response = Error{};
  if (login_.auth == Auth::managed) {
    response = ask_identity(audience);
  } else if (login_.auth == Auth::secret) {
    response = ask_entra(audience, "client_secret=" + net::percent_encode(login_.secret));
  } else {
    auto assertion = read_file(login_.token_file);
    if (!assertion) return problem("token_file_missing", assertion.error().message, Code::io);
    // The platform writes a new one long before the old one expires.
    response = ask_entra(
        audience,
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        "&client_assertion=" +
            net::percent_encode(trimmed(*std::move(assertion))));
  }
  if (!response) return response.error();
  if (response->status != 200) return token_refused(*response);
  return read_token(response->body, asked);
}

}  // namespace catalejo::azure
