// What Azure says, as points of metrics; and which of them are missing in the store.
//
// Azure corrects the newest minutes for a while. So a minute is read again and again, and compared
// with what the database holds of it: of a count the difference is added, which is right however
// often it is read, by whichever process, and after a crash. Points cannot be taken back, so a
// gauge is kept once, when its minute is old enough to stay as it is.
//
// A series is told by what Azure tells it by: account, metric and dimensions. What else its points
// are tagged with (names of subscriptions, tags of the user's, the model behind a deployment) may
// change from one reading to the next. Pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "azure/answers.hpp"
#include "model/azure.hpp"
#include "model/metric_point.hpp"

namespace catalejo::azure {

// Of each point of this crawler.
inline constexpr std::string_view kPointSource = "azure_monitor";
// The key of the tag that has the metric's REST name: two of them may be called alike.
inline constexpr std::string_view kMetricTag = "azure_metric";

struct Metric {
  MetricDefinition definition;
  std::string name;  // "azure.cognitiveservices_accounts.processed_prompt_tokens"
  model::MetricKind kind = model::MetricKind::count;
};
// By the value of the tag kMetricTag. Without what has no name or no values by the minute.
using Metrics = std::map<std::string, Metric, std::less<>>;
Metrics metrics_of(const std::vector<MetricDefinition>& definitions);

// The value of a tag as it stands in the store.
std::string stored_value(std::string_view value);

// Lookups in what was found.
class Places {
 public:
  explicit Places(const model::AzureInventory& inventory);
  const model::AzureAccount* account(std::string_view id) const;  // whatever its case
  std::string_view subscription_name(std::string_view id) const;
  const model::AzureDeployment* deployment(std::string_view account, std::string_view name) const;

 private:
  std::map<std::string, const model::AzureAccount*, std::less<>> accounts_;
  std::map<std::string, std::string_view, std::less<>> subscriptions_;
  std::map<std::string, const model::AzureDeployment*, std::less<>> deployments_;
};

// Tags of a series, normal and in order.
std::vector<std::string> tags_of(const MetricSeries& series, const Metric& metric,
                                 const model::AzureAccount& account, const Places& places);
// What tells a series of `metric`, out of its tags.
std::string identity_of(const std::vector<std::string>& tags, const Metric& metric);

struct WantedValue {
  double sum = 0;
  std::uint32_t values = 0;  // two series of Azure's may be one here
};
struct WantedSeries {
  model::MetricPoint like;
  std::map<std::int64_t, WantedValue> minutes;  // by their beginning in Unix seconds
};
using Wanted = std::map<std::string, WantedSeries>;  // by identity

struct StoredValue {
  double sum = 0;
  std::uint64_t points = 0;
};
using Stored = std::map<std::string, std::map<std::int64_t, StoredValue>>;  // by identity

// Adds an answer about [from, to). `since(account, metric)` is the time before which values of it
// are left alone. `account` is the one that was asked about, where the answer does not say.
void gather(const MetricAnswer& answer, const Metrics& metrics, const Places& places,
            const model::AzureAccount* account, std::int64_t from_s, std::int64_t to_s,
            const std::function<std::int64_t(const std::string&, const std::string&)>& since,
            Wanted& wanted);

struct Missing {
  std::vector<model::MetricPoint> points;
  std::uint64_t corrected = 0;       // minutes of counts that Azure has changed
  std::uint64_t gauges_changed = 0;  // that are kept as they were
};
// Gauges of minutes before `settled_s`, and all counts.
Missing missing(const Wanted& wanted, const Stored& stored, std::int64_t settled_s);

}  // namespace catalejo::azure
