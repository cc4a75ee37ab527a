#include "azure/api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "azure/metric_name.hpp"
#include "azure/problem.hpp"
#include "base/limits.hpp"
#include "codec/json_writer.hpp"
#include "net/http.hpp"

namespace catalejo::azure {
namespace {

constexpr std::size_t kPagesMax = 500;
constexpr std::string_view kGraphQuery =
    "resources | where type =~ 'microsoft.cognitiveservices/accounts' | project id, name, kind, "
    "location, sku, tags, endpoint = tostring(properties.endpoint) | order by id asc";

// What a next page is at must be where the first was: it is asked with the same token.
bool is_at(std::string_view url, std::string_view origin) {
  return url.starts_with(origin) && url.substr(origin.size()).starts_with('/');
}

// "2026-11-27T02:40:00.000Z"
std::string moment(UnixNanos time) {
  return to_rfc3339({time.value - time.value % kNanosPerSecond});
}

std::string names_of(const MetricQuestion& question) {
  return net::percent_encode(fmt::format("{}", fmt::join(question.metrics, ",")));
}

bool is_region(std::string_view region) {
  return !region.empty() && std::ranges::all_of(region, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

}  // namespace

std::string every_value(const std::vector<std::string>& dimensions) {
  std::string filter;
  for (const std::string& dimension : dimensions)
    filter += fmt::format("{}{} eq '*'", filter.empty() ? "" : " and ", dimension);
  return filter;
}

Api::Api(Login login, Endpoints endpoints, HttpOptions options)
    : endpoints_(std::move(endpoints)),
      http_(std::move(options)),
      tokens_(std::move(login), endpoints_, http_) {}

Result<void> Api::check_management_token() {
  auto token = tokens_.get(endpoints_.management);
  return token ? Result<void>() : token.error();
}

Result<void> Api::check_metrics_token() {
  auto token = tokens_.get(endpoints_.metrics_audience);
  return token ? Result<void>() : token.error();
}

Result<std::string> Api::ask(std::string_view method, const std::string& url, std::string body,
                             const std::string& audience) {
  for (bool again = false;; again = true) {
    auto token = tokens_.get(audience);
    if (!token) return token.error();
    net::Headers headers = {{"Authorization", "Bearer " + *token},
                            // Names of metrics come in the language that is asked for.
                            {"Accept-Language", "en-US"}};
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    auto response =
        http_.ask({.method = method, .url = url, .headers = std::move(headers), .body = body});
    if (!response) return response.error();
    if (response->status == 200) return std::move(response->body);
    // A token that was taken back before its time.
    if (response->status == 401) tokens_.forget(audience);
    if (response->status != 401 || again) return refused(*response);
  }
}

template <typename Row>
Result<std::vector<Row>> Api::read_all(std::string url,
                                       Result<Page<Row>> (*read)(std::string_view body)) {
  std::vector<Row> all;
  for (std::size_t pages = 0; !url.empty(); ++pages) {
    if (pages == kPagesMax) return problem("malformed", "pages without end");
    auto body = ask("GET", url, {}, endpoints_.management);
    if (!body) return body.error();
    auto page = read(*body);
    if (!page) return page.error();
    if (!page->next.empty() && !is_at(page->next, endpoints_.management))
      return problem("malformed", "the next page is said to be somewhere else");
    skipped_ += page->skipped;
    std::ranges::move(page->rows, std::back_inserter(all));
    url = std::move(page->next);
  }
  return all;
}

Result<std::vector<model::AzureSubscription>> Api::subscriptions() {
  return read_all<model::AzureSubscription>(
      endpoints_.management + "/subscriptions?api-version=2022-12-01", read_subscriptions);
}

Result<std::vector<model::AzureAccount>> Api::accounts(
    const std::vector<model::AzureSubscription>& subscriptions) {
  std::vector<model::AzureAccount> all;
  std::string token;
  for (std::size_t pages = 0; pages == 0 || !token.empty(); ++pages) {
    if (pages == kPagesMax) return problem("malformed", "pages without end");
    std::string body = R"({"subscriptions":[)";
    for (const model::AzureSubscription& subscription : subscriptions) {
      if (body.back() != '[') body += ',';
      codec::append_json_string(body, subscription.id);
    }
    body += R"(],"query":)" + codec::json_quoted(kGraphQuery);
    body += R"(,"options":{"resultFormat":"objectArray","$top":1000)";
    if (!token.empty()) body += R"(,"$skipToken":)" + codec::json_quoted(token);
    body += "}}";
    auto answer = ask("POST",
                      endpoints_.management +
                          "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01",
                      std::move(body), endpoints_.management);
    if (!answer) return answer.error();
    auto page = read_accounts(*answer);
    if (!page) return page.error();
    skipped_ += page->skipped;
    std::ranges::move(page->rows, std::back_inserter(all));
    token = std::move(page->next);
  }
  return all;
}

Result<std::vector<model::AzureAccount>> Api::accounts_of(const std::string& subscription) {
  return read_all<model::AzureAccount>(
      fmt::format("{}/subscriptions/{}/providers/Microsoft.CognitiveServices/accounts?api-version="
                  "2024-10-01",
                  endpoints_.management, net::percent_encode(subscription)),
      read_accounts);
}

Result<std::vector<model::AzureDeployment>> Api::deployments_of(
    const model::AzureAccount& account) {
  auto all = read_all<model::AzureDeployment>(
      fmt::format("{}{}/deployments?api-version=2024-10-01", endpoints_.management, account.id),
      read_deployments);
  if (!all) return all;
  for (model::AzureDeployment& deployment : *all) {
    deployment.account = account.id;
    deployment.resource = account.resource;
  }
  return all;
}

Result<std::vector<MetricDefinition>> Api::definitions_of(const model::AzureAccount& account) {
  return read_all<MetricDefinition>(
      fmt::format("{}{}/providers/microsoft.insights/metricDefinitions?api-version=2018-01-01",
                  endpoints_.management, account.id),
      read_definitions);
}

Result<MetricAnswer> Api::answered(Result<std::string> body, const MetricQuestion& question) {
  if (!body) return body.error();
  auto answer = read_metrics(*body, question.aggregation);
  if (answer) skipped_ += answer->skipped;
  return answer;
}

// https://github.com/Azure/azure-rest-api-specs/tree/main/specification/monitor/data-plane/
// Microsoft.Insights/stable/2023-10-01/metricBatch.json
Result<MetricAnswer> Api::batch(const std::vector<const model::AzureAccount*>& accounts,
                                const MetricQuestion& question) {
  const model::AzureAccount& first = *accounts.front();
  if (!is_region(first.region)) return problem("metric_refused", "no region is known");
  std::string host = endpoints_.metrics;
  constexpr std::string_view kRegion = "{region}";
  if (const std::size_t at = host.find(kRegion); at != std::string::npos)
    host.replace(at, kRegion.size(), first.region);
  std::string url = fmt::format(
      "{}/subscriptions/{}/"
      "metrics:getBatch?api-version=2023-10-01&metricnamespace={}&metricnames={}"
      "&aggregation={}&interval=PT1M&starttime={}&endtime={}",
      host, net::percent_encode(first.subscription), net::percent_encode(kAccountType),
      names_of(question), net::percent_encode(question.aggregation),
      net::percent_encode(moment(question.from)), net::percent_encode(moment(question.to)));
  if (!question.dimensions.empty())
    url += fmt::format("&filter={}&top={}", net::percent_encode(every_value(question.dimensions)),
                       limits::azure_series_max);
  std::string body = R"({"resourceids":[)";
  for (const model::AzureAccount* account : accounts) {
    if (body.back() != '[') body += ',';
    codec::append_json_string(body, account->id);
  }
  return answered(ask("POST", url, body + "]}", endpoints_.metrics_audience), question);
}

// https://learn.microsoft.com/rest/api/monitor/metrics/list
Result<MetricAnswer> Api::metrics_of(const model::AzureAccount& account,
                                     const MetricQuestion& question) {
  std::string url = fmt::format(
      "{}{}/providers/microsoft.insights/metrics?api-version=2023-10-01&metricnamespace={}"
      "&metricnames={}&aggregation={}&interval=PT1M&timespan={}",
      endpoints_.management, account.id, net::percent_encode(kAccountType), names_of(question),
      net::percent_encode(question.aggregation),
      net::percent_encode(moment(question.from) + "/" + moment(question.to)));
  if (!question.dimensions.empty())
    url +=
        fmt::format("&%24filter={}&top={}", net::percent_encode(every_value(question.dimensions)),
                    limits::azure_series_max);
  return answered(ask("GET", url, {}, endpoints_.management), question);
}

}  // namespace catalejo::azure
