#include "azure/crawl/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "azure/crawl/discover.hpp"
#include "azure/crawl/points.hpp"
#include "azure/problem.hpp"

namespace catalejo::azure {
namespace {

constexpr std::int64_t kMinutes = 30;
// More accounts than these are alike.
constexpr std::size_t kAccountsMax = 20;

class Check {
 public:
  Check(Api& api, const std::function<void(CheckStep)>& step) : api_(api), step_(step) {}

  void run() {
    if (!tokens() || !subscriptions()) return;
    accounts();
    if (accounts_.empty()) return;
    deployments();
    const auto metrics = definitions();
    if (metrics) values(*metrics);
  }

 private:
  void right(std::string name, std::string about, std::string said) {
    step_({std::move(name), std::move(about), true, std::move(said), {}});
  }
  void wrong(std::string name, std::string about, const Error& error) {
    step_({std::move(name), std::move(about), false, error.message, error.where});
  }

  bool tokens() {
    if (auto token = api_.check_management_token(); !token) {
      wrong("token", "", token.error());
      return false;
    }
    if (auto token = api_.check_metrics_token(); !token) {
      wrong("token", "metrics", token.error());
      return false;
    }
    right("token", "", "Entra ID gives tokens for the Resource Manager and for metrics");
    return true;
  }

  bool subscriptions() {
    auto found = api_.subscriptions();
    if (found && found->empty()) found = problem("no_subscriptions", {}, Code::not_found);
    if (!found) {
      wrong("subscriptions", "", found.error());
      return false;
    }
    subscriptions_ = *std::move(found);
    std::string names;
    for (const model::AzureSubscription& one : subscriptions_)
      names += (names.empty() ? "" : ", ") + (one.name.empty() ? one.id : one.name);
    right("subscriptions", "", fmt::format("{}: {}", subscriptions_.size(), names));
    return true;
  }

  void accounts() {
    auto found = api_.accounts(subscriptions_);
    if (found) {
      accounts_ = *std::move(found);
    } else {
      for (const model::AzureSubscription& one : subscriptions_) {
        auto of_one = api_.accounts_of(one.id);
        if (of_one)
          accounts_.insert(accounts_.end(), of_one->begin(), of_one->end());
        else
          wrong("accounts", one.name, of_one.error());
      }
    }
    if (accounts_.empty()) {
      wrong("accounts", "", problem("no_accounts", {}, Code::not_found));
      return;
    }
    std::string names;
    for (const model::AzureAccount& one : accounts_)
      names +=
          fmt::format("{}{} ({}, {})", names.empty() ? "" : ", ", one.name, one.kind, one.region);
    right("accounts", "", fmt::format("{}: {}", accounts_.size(), names));
  }

  void deployments() {
    for (std::size_t i = 0; i < std::min(accounts_.size(), kAccountsMax); ++i) {
      const model::AzureAccount& account = accounts_[i];
      if (!deploys_models(account.kind)) continue;
      auto found = api_.deployments_of(account);
      if (!found) {
        wrong("deployments", account.name, found.error());
        continue;
      }
      std::string names;
      for (const model::AzureDeployment& one : *found)
        names += fmt::format("{}{} = {} {} ({} {})", names.empty() ? "" : ", ", one.name, one.model,
                             one.version, one.sku, one.capacity);
      right("deployments", account.name, fmt::format("{}: {}", found->size(), names));
    }
  }

  std::optional<Metrics> definitions() {
    for (const model::AzureAccount& account : accounts_) {
      auto found = api_.definitions_of(account);
      if (found) {
        Metrics metrics = metrics_of(*found);
        right("metrics", account.name, fmt::format("{} metrics by the minute", metrics.size()));
        if (!metrics.empty()) return metrics;
      } else {
        wrong("metrics", account.name, found.error());
      }
    }
    return std::nullopt;
  }

  // Of one account of each subscription and region.
  void values(const Metrics& metrics) {
    const Metric& metric = metrics.contains("tokentransaction") ? metrics.at("tokentransaction")
                                                                : metrics.begin()->second;
    const std::int64_t second = now().value / kNanosPerSecond;
    MetricQuestion question{.metrics = {metric.definition.rest_name},
                            .aggregation = metric.definition.aggregation,
                            .dimensions = metric.definition.dimensions,
                            .from = {(second - second % 60 - kMinutes * 60) * kNanosPerSecond},
                            .to = {(second - second % 60) * kNanosPerSecond}};
    std::map<std::pair<std::string, std::string>, const model::AzureAccount*> places;
    for (const model::AzureAccount& account : accounts_)
      places.try_emplace({account.subscription, account.region}, &account);
    for (const auto& [place, account] : places) {
      auto answer = api_.batch({account}, question);
      const bool batch = answer.ok();
      const std::string refused = batch ? "" : answer.error().message;
      if (!batch) answer = api_.metrics_of(*account, question);
      if (!answer) {
        wrong("values", account->name, answer.error());
        continue;
      }
      std::size_t values = 0;
      for (const MetricSeries& series : answer->series) values += series.values.size();
      std::string said = fmt::format("{} values of {} in the last {} minutes", values,
                                     metric.definition.rest_name, kMinutes);
      if (!batch) said += fmt::format(", account by account: {}", refused);
      right("values", account->name, std::move(said));
    }
  }

  Api& api_;
  const std::function<void(CheckStep)>& step_;
  std::vector<model::AzureSubscription> subscriptions_;
  std::vector<model::AzureAccount> accounts_;
};

}  // namespace

void check(Api& api, const std::function<void(CheckStep)>& step) {
  Check(api, step).run();
}

}  // namespace catalejo::azure
