#include "azure/problem.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

#include "codec/utf8.hpp"

namespace catalejo::azure {
namespace {

constexpr std::size_t kSaidBytesMax = 400;

constexpr std::array kExplained = {
    Explained{"secret_expired", "the client secret has expired",
              "make a new secret of the app registration in Entra ID and log in with it: catalejo "
              "azure login"},
    Explained{"secret_wrong", "the client secret is not the one that Azure knows",
              "give the value of the secret, not its id: catalejo azure login"},
    Explained{"client_unknown", "Entra ID knows no application of this client id in the tenant",
              "check client id and tenant id on the overview of the app registration"},
    Explained{"tenant_unknown", "there is no such tenant",
              "check the tenant id in the overview of Entra ID"},
    Explained{"federation_refused", "Entra ID does not trust the token of this workload",
              "check issuer, subject and audience of the federated credential of the application"},
    Explained{"token_file_missing", "the file with the token of this workload cannot be read",
              "enable workload identity for the pod (label azure.workload.identity/use), or name "
              "the file: azure_token_file"},
    Explained{"identity_missing", "this machine has no such managed identity",
              "assign an identity to the machine or app; with several, give its client id"},
    Explained{"identity_unreachable", "the managed identity endpoint does not answer",
              "this works on Azure only: elsewhere log in with a client secret", true},
    Explained{"token_refused", "Entra ID gives no token",
              "read what it says; the code that begins with AADSTS is documented by Microsoft"},
    Explained{"not_set_up", "nothing says how to log in to Azure", "catalejo azure login"},
    Explained{"unauthorized", "Azure does not accept the token here",
              "give the application the role Monitoring Reader on the whole subscription; a role "
              "takes some minutes to hold"},
    Explained{"denied", "the application may not read this",
              "give the application the role Monitoring Reader on the subscription; a role takes "
              "some minutes to hold"},
    Explained{"not_registered", "Microsoft.Insights is not registered in the subscription",
              "az provider register --namespace Microsoft.Insights"},
    Explained{"not_found", "Azure does not know it any more", "nothing, if it was removed"},
    Explained{"throttled", "Azure asks to wait", "nothing: it is asked again when the time is over",
              true},
    Explained{"server_failed", "Azure failed", "nothing: it is asked again", true},
    Explained{"unreachable", "there is no answer, or not all of it",
              "check network, DNS, proxy and certificates of this machine", true},
    Explained{"timeout", "the answer did not come in time",
              "check network and proxy of this machine", true},
    Explained{"too_large", "the answer is larger than is read", "nothing: less is asked for", true},
    Explained{"malformed", "the answer is not what Microsoft documents",
              "something between here and Azure may change answers; if not, this is an error of "
              "Catalejo",
              true},
    Explained{"metric_refused", "Azure refuses this metric", "nothing: the others are read"},
    Explained{"series_cut", "a metric has more series than one answer takes",
              "report it, with the name of the metric"},
    Explained{"no_subscriptions", "the login sees no subscription",
              "give the application the role Monitoring Reader on a subscription"},
    Explained{"no_accounts", "there is no account of Azure OpenAI or AI services in sight",
              "give the application the role Monitoring Reader where the accounts are"},
    Explained{"store_behind", "the database does not take what is there already",
              "see the state of the store: catalejo info", true},
    Explained{"too_long_ago", "a part of the outage is longer ago than Azure keeps metrics",
              "nothing: these values are gone"},
    Explained{"stopped", "the program stops", "nothing", true},
};
constexpr Explained kOther{"other", "the call failed", "read what Azure says"};

// Of a text of Azure's, which has lines and may have anything.
std::string one_line(std::string_view text) {
  std::string line(codec::utf8_prefix(text, kSaidBytesMax));
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line;
}

std::string text_of(simdjson::simdjson_result<simdjson::dom::element> value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? one_line(text) : std::string();
}

std::string quoted(const Said& said) {
  if (said.code.empty()) return said.message;
  return said.message.empty() ? said.code : fmt::format("{}: {}", said.code, said.message);
}

bool says(const Said& said, std::string_view what) {
  return said.code.find(what) != std::string::npos || said.message.find(what) != std::string::npos;
}

}  // namespace

const Explained& explained(std::string_view name) {
  const auto* found = std::ranges::find(kExplained, name, &Explained::name);
  return found == kExplained.end() ? kOther : *found;
}

bool passes(const Error& error) {
  return explained(error.where).passes;
}

Error problem(std::string_view name, std::string_view said, Code code) {
  const std::string_view cause = explained(name).cause;
  std::string words = said.empty() ? std::string(cause) : fmt::format("{} ({})", cause, said);
  return {code, std::move(words), std::string(name)};
}

Said said_by(std::string_view body) {
  simdjson::dom::parser parser;
  simdjson::dom::element root, error;
  if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) return {};
  if (root["error"].get(error) != simdjson::SUCCESS)
    return {text_of(root["code"]), text_of(root["message"])};
  if (std::string_view name; error.get(name) == simdjson::SUCCESS)
    return {one_line(name), text_of(root["error_description"])};
  return {text_of(error["code"]), text_of(error["message"])};
}

Error refused(const net::ClientResponse& response) {
  const Said said = said_by(response.body);
  const std::string words =
      fmt::format("HTTP {}{}{}", response.status, quoted(said).empty() ? "" : ", ", quoted(said));
  if (response.status == 401) return problem("unauthorized", words, Code::unauthorized);
  if (says(said, "MissingSubscriptionRegistration") || says(said, "not registered"))
    return problem("not_registered", words, Code::forbidden);
  if (response.status == 403) return problem("denied", words, Code::forbidden);
  if (response.status == 404) return problem("not_found", words, Code::not_found);
  // 529 is what the backend of metrics says when it has too much to do.
  if (response.status == 429 || response.status == 529)
    return problem("throttled", words, Code::busy);
  if (response.status >= 500) return problem("server_failed", words, Code::busy);
  return problem("metric_refused", words, Code::bad_request);
}

Error token_refused(const net::ClientResponse& response) {
  const Said said = said_by(response.body);
  const std::string words =
      fmt::format("HTTP {}{}{}", response.status, quoted(said).empty() ? "" : ", ", quoted(said));
  // https://learn.microsoft.com/entra/identity-platform/reference-error-codes
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kCodes = {{
      {"AADSTS7000222", "secret_expired"},
      {"AADSTS7000215", "secret_wrong"},
      {"AADSTS700016", "client_unknown"},
      {"AADSTS90002", "tenant_unknown"},
      {"AADSTS900023", "tenant_unknown"},
      {"AADSTS70021", "federation_refused"},
      {"AADSTS700211", "federation_refused"},
      {"AADSTS700213", "federation_refused"},
      {"Identity not found", "identity_missing"},
  }};
  for (const auto& [code, name] : kCodes)
    if (says(said, code)) return problem(name, words, Code::unauthorized);
  if (response.status == 429) return problem("throttled", words, Code::busy);
  if (response.status >= 500) return problem("server_failed", words, Code::busy);
  return problem("token_refused", words, Code::unauthorized);
}

}  // namespace catalejo::azure
