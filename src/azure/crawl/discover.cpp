#include "azure/crawl/discover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "azure/crawl/points.hpp"
#include "azure/problem.hpp"
#include "base/ascii.hpp"

namespace catalejo::azure {
namespace {

using model::AzureAccount;
using model::AzureInventory;
using model::AzureSubscription;

// Resource Graph takes so many in one question.
constexpr std::size_t kSubscriptionsAtOnce = 500;

std::string called(const AzureSubscription& subscription) {
  return fmt::format("subscription {}",
                     subscription.name.empty() ? subscription.id : subscription.name);
}

// Of each subscription by itself, so that one that refuses does not stop the others.
void ask_each(Api& api, const std::vector<AzureSubscription>& subscriptions,
              const AzureInventory& before, Problems& problems,
              std::vector<AzureAccount>& accounts) {
  for (const AzureSubscription& subscription : subscriptions) {
    auto found = api.accounts_of(subscription.id);
    if (found) {
      std::ranges::move(*found, std::back_inserter(accounts));
      continue;
    }
    if (found.error().where == "not_found") continue;  // the subscription itself is gone
    problems.note(called(subscription), found.error());
    std::ranges::copy_if(
        before.accounts, std::back_inserter(accounts),
        [&](const AzureAccount& account) { return account.subscription == subscription.id; });
  }
}

// What was there and is not seen any more was removed, or a role was. The Resource Manager says
// which.
void ask_about_missing(Api& api, const AzureInventory& before, Problems& problems,
                       AzureInventory& found) {
  std::set<std::string> seen;
  for (const AzureAccount& account : found.accounts) seen.insert(lower_ascii(account.id));
  std::map<std::string, AzureSubscription> missing;
  for (const AzureAccount& account : before.accounts)
    if (!seen.contains(lower_ascii(account.id)))
      missing.try_emplace(account.subscription, AzureSubscription{account.subscription, ""});
  for (const AzureSubscription& subscription : before.subscriptions)
    if (const auto at = missing.find(subscription.id); at != missing.end())
      at->second.name = subscription.name;
  std::vector<AzureSubscription> some;
  some.reserve(missing.size());
  for (const auto& [id, subscription] : missing) some.push_back(subscription);
  ask_each(api, some, before, problems, found.accounts);
}

void find_accounts(Api& api, const AzureInventory& before, Problems& problems,
                   AzureInventory& found) {
  for (std::size_t at = 0; at < found.subscriptions.size(); at += kSubscriptionsAtOnce) {
    const std::size_t end = std::min(at + kSubscriptionsAtOnce, found.subscriptions.size());
    const std::vector<AzureSubscription> some(
        found.subscriptions.begin() + static_cast<std::ptrdiff_t>(at),
        found.subscriptions.begin() + static_cast<std::ptrdiff_t>(end));
    auto accounts = api.accounts(some);
    if (accounts)
      std::ranges::move(*accounts, std::back_inserter(found.accounts));
    else
      ask_each(api, some, before, problems, found.accounts);
  }
  ask_about_missing(api, before, problems, found);
  // Names in small letters are the same in Azure.
  std::ranges::sort(found.accounts, {}, &AzureAccount::id);
  const auto same = [](const AzureAccount& a, const AzureAccount& b) {
    return equal_ignoring_case(a.id, b.id);
  };
  found.accounts.erase(std::unique(found.accounts.begin(), found.accounts.end(), same),
                       found.accounts.end());
}

void find_deployments(Api& api, const AzureInventory& before, Problems& problems,
                      AzureInventory& found) {
  for (const AzureAccount& account : found.accounts) {
    if (!deploys_models(account.kind)) continue;
    auto deployments = api.deployments_of(account);
    if (deployments) {
      std::ranges::move(*deployments, std::back_inserter(found.deployments));
      continue;
    }
    problems.note(account.name, deployments.error());
    std::ranges::copy_if(before.deployments, std::back_inserter(found.deployments),
                         [&](const model::AzureDeployment& deployment) {
                           return deployment.account == account.id &&
                                  deployment.validity.to.value == INT64_MAX;
                         });
  }
}

}  // namespace

bool deploys_models(std::string_view kind) {
  return kind == "OpenAI" || kind == "AIServices" || kind == "CognitiveServices";
}

Result<AzureInventory> discover(Api& api, const AzureInventory& before, Problems& problems) {
  AzureInventory found;
  auto subscriptions = api.subscriptions();
  if (!subscriptions) return subscriptions.error();
  found.subscriptions = *std::move(subscriptions);
  found.read = now();
  if (found.subscriptions.empty()) return problem("no_subscriptions", {}, Code::not_found);
  find_accounts(api, before, problems, found);
  if (found.accounts.empty())
    problems.note("accounts", problem("no_accounts", {}, Code::not_found));
  find_deployments(api, before, problems, found);
  if (api.http().stopped()) return problem("stopped", {}, Code::shutting_down);
  return found;
}

}  // namespace catalejo::azure
