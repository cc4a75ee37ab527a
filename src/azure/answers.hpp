// What Azure answers, read: each function takes any bytes and gives what they say, or an Error
// "malformed" (problem.hpp). Fields that nobody needs are not looked at; a row that makes no sense
// is left out and counted, so that one does not take the others with it.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/azure.hpp"

namespace catalejo::azure {

template <typename Row>
struct Page {
  std::vector<Row> rows;
  std::string next;         // nextLink of the Resource Manager, $skipToken of Resource Graph
  std::size_t skipped = 0;  // rows that make no sense
};

// GET /subscriptions (Microsoft.Resources 2022-12-01). Without those that are disabled or deleted.
Result<Page<model::AzureSubscription>> read_subscriptions(std::string_view body);

// GET /subscriptions/{}/providers/Microsoft.CognitiveServices/accounts (2024-10-01), and rows of
// POST /providers/Microsoft.ResourceGraph/resources (2021-03-01, objectArray), which lie in "data".
Result<Page<model::AzureAccount>> read_accounts(std::string_view body);

// GET {account}/deployments (Microsoft.CognitiveServices 2024-10-01). `account` and `resource` are
// not filled in.
Result<Page<model::AzureDeployment>> read_deployments(std::string_view body);

struct MetricDefinition {
  std::string rest_name;                // "ProcessedPromptTokens"
  std::string display_name;             // "Processed Prompt Tokens"
  std::string aggregation;              // the one that is asked for: "Total"
  std::vector<std::string> dimensions;  // "ModelDeploymentName", in Azure's order
  bool by_minute = true;
};
// GET {resource}/providers/microsoft.insights/metricDefinitions (2018-01-01).
Result<Page<MetricDefinition>> read_definitions(std::string_view body);

struct MinuteValue {
  UnixNanos time;
  double value = 0;
};
struct MetricSeries {
  std::string resource_id;  // as the batch names it; empty in an answer about one resource
  std::string rest_name;
  std::vector<std::pair<std::string, std::string>> dimensions;  // names as they come
  std::vector<MinuteValue> values;                              // where there are any
};
struct RefusedMetric {
  std::string resource_id, rest_name;
  std::string words;  // Azure's
};
struct MetricAnswer {
  std::vector<MetricSeries> series;
  std::vector<RefusedMetric> refused;
  // What it is about, whether with values or without: id of the resource, where it names it, and
  // REST name, in small letters.
  std::set<std::pair<std::string, std::string>> present;
  std::size_t skipped = 0;
  std::size_t most_series = 0;  // of one metric of one resource
};
// GET {resource}/providers/microsoft.insights/metrics, POST …/metrics:getBatch (both 2023-10-01):
// of each minute the value of `aggregation` ("Total").
Result<MetricAnswer> read_metrics(std::string_view body, std::string_view aggregation);

// What lies between "/resourcegroups/" and the next slash of an id, whatever its case; empty when
// there is none. The same for "/subscriptions/".
std::string id_part(std::string_view id, std::string_view before);

}  // namespace catalejo::azure
