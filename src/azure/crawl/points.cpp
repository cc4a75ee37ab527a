#include "azure/crawl/points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "azure/metric_name.hpp"
#include "base/ascii.hpp"
#include "pipeline/metric_names.hpp"

namespace catalejo::azure {
namespace {

using pipeline::normal_metric_tag;

constexpr std::uint32_t kMinute = 60;
constexpr std::string_view kDeploymentDimension = "modeldeploymentname";
// What every series has, and a user's tag may not be mistaken for.
constexpr std::array<std::string_view, 10> kOwnKeys = {
    "cloud_provider", "name", "resource_group", "subscription_id", "subscription_name",
    "region",         "kind", "type",           "azure_metric",    "tenant_name"};
// Of these, what tells a series.
constexpr std::array<std::string_view, 4> kIdentityKeys = {"subscription_id", "resource_group",
                                                           "name", "azure_metric"};
// Added from what was found of a deployment, where Azure does not say it.
constexpr std::array<std::string_view, 2> kModelKeys = {"modelname", "modelversion"};

std::string tag(std::string_view key, std::string_view value) {
  return normal_metric_tag(fmt::format("{}:{}", key, value));
}

std::string_view key_of(std::string_view tag) {
  return tag.substr(0, tag.find(':'));
}

bool has_key(const std::vector<std::string>& tags, std::string_view key) {
  return std::ranges::any_of(tags, [&](const std::string& one) { return key_of(one) == key; });
}

bool is_dimension(const Metric& metric, std::string_view key) {
  return std::ranges::any_of(metric.definition.dimensions, [&](const std::string& dimension) {
    return normal_metric_tag(dimension) == key;
  });
}

bool tells(const Metric& metric, std::string_view key) {
  return std::ranges::find(kIdentityKeys, key) != kIdentityKeys.end() || is_dimension(metric, key);
}

// The seed's list has ActiveTokens as a gauge, whatever its primary aggregation is.
model::MetricKind kind_of(const MetricDefinition& definition) {
  const bool sums = definition.aggregation == "Total" || definition.aggregation == "Count";
  return sums && definition.rest_name != "ActiveTokens" ? model::MetricKind::count
                                                        : model::MetricKind::gauge;
}

void add_users_tags(std::vector<std::string>& tags, const Metric& metric,
                    const model::AzureAccount& account) {
  for (const auto& [key, value] : account.tags) {
    const std::string normal = std::string(key_of(tag(key, value)));
    const bool taken = std::ranges::find(kOwnKeys, normal) != kOwnKeys.end() ||
                       std::ranges::find(kModelKeys, normal) != kModelKeys.end() ||
                       is_dimension(metric, normal);
    tags.push_back(taken ? tag("azure_tag_" + key, value) : tag(key, value));
  }
}

}  // namespace

std::string stored_value(std::string_view value) {
  return normal_metric_tag(value);
}

Metrics metrics_of(const std::vector<MetricDefinition>& definitions) {
  Metrics metrics;
  for (const MetricDefinition& definition : definitions) {
    std::string name = metric_name(kAccountType, definition.display_name);
    if (name.empty() || !definition.by_minute) continue;
    const std::string key = normal_metric_tag(definition.rest_name);
    metrics.emplace(key, Metric{definition, std::move(name), kind_of(definition)});
  }
  return metrics;
}

Places::Places(const model::AzureInventory& inventory) {
  for (const model::AzureSubscription& subscription : inventory.subscriptions)
    subscriptions_[subscription.id] = subscription.name;
  for (const model::AzureAccount& account : inventory.accounts)
    accounts_[lower_ascii(account.id)] = &account;
  for (const model::AzureDeployment& deployment : inventory.deployments)
    if (deployment.validity.to.value == INT64_MAX)
      deployments_[lower_ascii(deployment.account + '/' + deployment.name)] = &deployment;
}

const model::AzureAccount* Places::account(std::string_view id) const {
  const auto found = accounts_.find(lower_ascii(id));
  return found == accounts_.end() ? nullptr : found->second;
}

std::string_view Places::subscription_name(std::string_view id) const {
  const auto found = subscriptions_.find(id);
  return found == subscriptions_.end() ? std::string_view() : found->second;
}

const model::AzureDeployment* Places::deployment(std::string_view account,
                                                 std::string_view name) const {
  const auto found = deployments_.find(lower_ascii(fmt::format("{}/{}", account, name)));
  return found == deployments_.end() ? nullptr : found->second;
}

std::vector<std::string> tags_of(const MetricSeries& series, const Metric& metric,
                                 const model::AzureAccount& account, const Places& places) {
  std::vector<std::string> tags = {
      tag("cloud_provider", "azure"),
      tag("name", account.name),
      tag("resource_group", account.resource_group),
      tag("subscription_id", account.subscription),
      tag("region", account.region),
      tag("kind", account.kind),
      tag("type", kAccountType),
      tag(kMetricTag, metric.definition.rest_name),
  };
  if (const std::string_view name = places.subscription_name(account.subscription); !name.empty())
    tags.push_back(tag("subscription_name", name));
  const model::AzureDeployment* deployment = nullptr;
  for (const auto& [name, value] : series.dimensions) {
    if (value.empty()) continue;
    if (lower_ascii(name) == kDeploymentDimension)
      deployment = places.deployment(account.id, value);
    // "West Europe" and "westeurope" are the same place.
    std::string plain = value;
    if (lower_ascii(name) == "region") std::erase(plain, ' ');
    tags.push_back(tag(name, plain));
  }
  if (deployment != nullptr) {
    for (const auto& [key, value] : {std::pair{kModelKeys[0], &deployment->model},
                                     std::pair{kModelKeys[1], &deployment->version}})
      if (!value->empty() && !is_dimension(metric, key) && !has_key(tags, key))
        tags.push_back(tag(key, *value));
  }
  add_users_tags(tags, metric, account);
  pipeline::put_in_order(tags);
  return tags;
}

std::string identity_of(const std::vector<std::string>& tags, const Metric& metric) {
  std::string identity;
  for (const std::string& one : tags) {
    if (!tells(metric, key_of(one))) continue;
    identity += one;
    identity += '\n';
  }
  return identity;
}

void gather(const MetricAnswer& answer, const Metrics& metrics, const Places& places,
            const model::AzureAccount* asked, std::int64_t from_s, std::int64_t to_s,
            const std::function<std::int64_t(const std::string&, const std::string&)>& since,
            Wanted& wanted) {
  for (const MetricSeries& series : answer.series) {
    const auto metric = metrics.find(normal_metric_tag(series.rest_name));
    const model::AzureAccount* account =
        series.resource_id.empty() ? asked : places.account(series.resource_id);
    if (metric == metrics.end() || account == nullptr) continue;
    const std::int64_t floor_s =
        std::max(from_s, since(lower_ascii(account->id), metric->second.definition.rest_name));
    std::vector<std::string> tags = tags_of(series, metric->second, *account, places);
    WantedSeries& one = wanted[identity_of(tags, metric->second)];
    one.like.name = metric->second.name;
    one.like.tags = std::move(tags);
    one.like.kind = metric->second.kind;
    one.like.interval_s = kMinute;
    one.like.source = kPointSource;
    for (const MinuteValue& value : series.values) {
      const std::int64_t second = value.time.value / kNanosPerSecond;
      const std::int64_t minute = second - second % kMinute;
      if (minute < floor_s || minute >= to_s) continue;
      WantedValue& at = one.minutes[minute];
      at.sum += value.value;
      ++at.values;
    }
  }
}

Missing missing(const Wanted& wanted, const Stored& stored, std::int64_t settled_s) {
  Missing all;
  const auto add = [&](const model::MetricPoint& like, std::int64_t minute, double value) {
    model::MetricPoint point = like;
    point.time = {minute * kNanosPerSecond};
    point.value = value;
    all.points.push_back(std::move(point));
  };
  for (const auto& [identity, series] : wanted) {
    const auto known = stored.find(identity);
    for (const auto& [minute, value] : series.minutes) {
      StoredValue there;
      if (known != stored.end())
        if (const auto at = known->second.find(minute); at != known->second.end())
          there = at->second;
      if (series.like.kind == model::MetricKind::count) {
        const double more = value.sum - there.sum;
        if (std::abs(more) <= 1e-9 * std::max(1.0, std::abs(value.sum))) continue;
        all.corrected += there.points > 0 ? 1 : 0;
        add(series.like, minute, more);
        continue;
      }
      const double mean = value.sum / value.values;
      if (there.points == 0) {
        if (minute + kMinute <= settled_s) add(series.like, minute, mean);
      } else if (const double kept = there.sum / static_cast<double>(there.points);
                 std::abs(mean - kept) > 1e-9 * std::max(1.0, std::abs(mean))) {
        ++all.gauges_changed;
      }
    }
  }
  return all;
}

}  // namespace catalejo::azure
