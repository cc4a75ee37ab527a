// Any bytes as an answer of Azure's, of the kind that the first byte says: nothing crashes, and
// what is taken can be used: ids that may stand in an address, values that are numbers, points that
// the pipeline would take.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "azure/answers.hpp"
#include "azure/crawl/points.hpp"
#include "azure/crawl/stored.hpp"
#include "azure/http.hpp"
#include "azure/metric_name.hpp"
#include "azure/problem.hpp"
#include "azure/token.hpp"
#include "net/http.hpp"

namespace {

using namespace catalejo;

void must(bool holds) {
  if (!holds) std::abort();
}

azure::Metrics known() {
  return azure::metrics_of({{.rest_name = "Ingress",
                             .display_name = "Ingress (bytes)",
                             .aggregation = "Total",
                             .dimensions = {"ApiName", "Region"}}});
}

void read_series(std::string_view body) {
  const auto answer = azure::read_metrics(body, "Total");
  if (!answer) return;
  model::AzureInventory inventory;
  inventory.accounts = {{.id = "/r/1", .name = "a", .resource_group = "g", .subscription = "s"}};
  azure::Wanted wanted;
  azure::gather(
      *answer, known(), azure::Places(inventory), &inventory.accounts.front(), INT64_MIN / 2,
      INT64_MAX / 2, [](const std::string&, const std::string&) { return std::int64_t{INT64_MIN}; },
      wanted);
  for (const azure::MetricSeries& series : answer->series) {
    must(!series.values.empty());
    for (const azure::MinuteValue& value : series.values) must(std::isfinite(value.value));
  }
  for (const model::MetricPoint& point : azure::missing(wanted, {}, INT64_MAX / 2).points) {
    must(!point.name.empty() && !point.tags.empty());
    must(point.source == azure::kPointSource);
  }
}

void read_names(std::string_view body) {
  for (const char c : azure::words_of(body))
    must((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  for (const char c : net::percent_encode(body)) must(c > ' ' && c < '\x7f');
  (void)azure::bucket_of(body);
  net::ClientResponse response{.status = 429,
                               .headers = {{"Retry-After", std::string(body)},
                                           {"x-ms-user-quota-resets-after", std::string(body)},
                                           {"x-ms-ratelimit-remaining-x", std::string(body)}},
                               .body = std::string(body)};
  must(azure::retry_after_ms(response) >= 0);
  must(azure::remaining_of(response) >= -1);
  must(!azure::refused(response).message.empty());
  must(!azure::token_refused(response).where.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 8) {
    case 0:
      if (const auto token = azure::read_token(body, {0}))
        for (const char c : token->value) must(c > ' ' && c <= '~');
      break;
    case 1:
      if (const auto page = azure::read_accounts(body))
        for (const auto& row : page->rows) must(row.id.find_first_of(" ?#%") == std::string::npos);
      break;
    case 2:
      if (const auto page = azure::read_deployments(body))
        for (const auto& row : page->rows)
          must(!row.name.empty() && row.capacity >= 0 && row.tokens_per_minute >= 0);
      break;
    case 3:
      if (const auto page = azure::read_definitions(body)) (void)azure::metrics_of(page->rows);
      break;
    case 4:
      if (const auto page = azure::read_subscriptions(body))
        for (const auto& row : page->rows) must(!row.id.empty());
      break;
    case 5:
      read_names(body);
      break;
    case 6:
      (void)azure::read_stored_rows(body, known());
      break;
    default:
      read_series(body);
  }
  return 0;
}
