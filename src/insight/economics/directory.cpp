#include "insight/economics/directory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "azure/crawl/points.hpp"
#include "base/ascii.hpp"

namespace catalejo::insight::economics {
namespace {

constexpr std::int64_t kMinute = 60;
// Each is one more class of rows in every answer.
constexpr std::size_t kBoundsMax = 64;
// What has to be read of an account for its tokens to be known.
constexpr std::array<std::string_view, 2> kTokenMetrics = {"ProcessedPromptTokens",
                                                           "GeneratedTokens"};

std::string key_of(std::string_view one, std::string_view other) {
  return fmt::format("{}\n{}", one, other);
}

std::string normal(std::string_view text) {
  return azure::stored_value(text);
}

std::string account_key(std::string_view subscription, std::string_view group,
                        std::string_view account) {
  return fmt::format("{}\n{}\n{}", normal(subscription), normal(group), normal(account));
}

std::int64_t floor_minute(std::int64_t seconds) {
  const std::int64_t rest = seconds % kMinute;
  return seconds - (rest < 0 ? rest + kMinute : rest);
}

std::int64_t floor_second(UnixNanos time) {
  const std::int64_t seconds = time.value / kNanosPerSecond;
  return time.value % kNanosPerSecond < 0 ? seconds - 1 : seconds;
}

std::int64_t ceil_minute(std::int64_t seconds) {
  return floor_minute(seconds + kMinute - 1);
}

}  // namespace

Window window_of(UnixNanos from, UnixNanos to, UnixNanos now) {
  const std::int64_t first = floor_second(from);
  const bool whole = first % kMinute == 0 && from.value % kNanosPerSecond == 0;
  return {.from_s = whole ? first : floor_minute(first) + kMinute,
          .to_s = floor_minute(std::min(floor_second(to), floor_second(now) - kSettledSeconds))};
}

std::string_view unknown_name(Unknown unknown) {
  constexpr std::array<std::string_view, 6> kNames = {"",          "not_set_up", "not_in_azure",
                                                      "ambiguous", "not_read",   "no_metric"};
  return kNames[static_cast<std::size_t>(unknown)];
}

Directory::Directory(const model::AzureInventory& inventory,
                     const std::vector<store::AzurePosition>& positions, Window asked)
    : asked_(asked), set_up_(inventory.read.value != 0) {
  for (const model::AzureAccount& account : inventory.accounts) {
    by_account_[lower_ascii(account.id)] = accounts_.size();
    by_account_[account_key(account.subscription, account.resource_group, account.name)] =
        accounts_.size();
    accounts_.push_back({.account_id = account.id,
                         .account = account.name,
                         .resource = lower_ascii(account.resource),
                         .resource_group = account.resource_group,
                         .subscription = account.subscription,
                         .region = account.region,
                         .window = asked,
                         .unknown = Unknown::not_read});
    if (!account.resource.empty()) resources_.insert(lower_ascii(account.resource));
  }
  cover(positions);
  add_deployments(inventory);
}

void Directory::cover(const std::vector<store::AzurePosition>& positions) {
  std::map<std::size_t, Window> read;
  for (const store::AzurePosition& position : positions) {
    const auto account = by_account_.find(position.account);
    if (account == by_account_.end()) continue;
    Place& place = accounts_[account->second];
    const bool tokens = std::ranges::find(kTokenMetrics, position.metric) != kTokenMetrics.end();
    if (!tokens) {
      if (!read.contains(account->second)) place.unknown = Unknown::no_metric;
      continue;
    }
    const Window window{ceil_minute(position.since_s), floor_minute(position.through_s)};
    const auto [at, first] = read.try_emplace(account->second, window);
    at->second.from_s = std::max(at->second.from_s, window.from_s);
    at->second.to_s = std::min(at->second.to_s, window.to_s);
  }
  for (const auto& [account, window] : read) {
    Place& place = accounts_[account];
    const Window both{std::max(asked_.from_s, window.from_s), std::min(asked_.to_s, window.to_s)};
    const bool known = !both.empty() && add_bounds(both);
    place.unknown = known ? Unknown::none : Unknown::not_read;
    if (known) place.window = both;
  }
}

// False when there are too many.
bool Directory::add_bounds(Window window) {
  std::vector<std::int64_t> more = bounds_;
  if (window.from_s > asked_.from_s) more.push_back(window.from_s);
  if (window.to_s < asked_.to_s) more.push_back(window.to_s);
  std::ranges::sort(more);
  more.erase(std::unique(more.begin(), more.end()), more.end());
  if (more.size() > kBoundsMax) return false;
  bounds_ = std::move(more);
  return true;
}

bool Directory::inside(std::size_t place, std::size_t era) const {
  const std::int64_t begin = era == 0 ? asked_.from_s : bounds_.at(era - 1);
  const Window& window = places_.at(place).window;
  return begin >= window.from_s && begin < window.to_s;
}

void Directory::add_deployments(const model::AzureInventory& inventory) {
  for (const model::AzureDeployment& deployment : inventory.deployments) {
    const auto account = by_account_.find(lower_ascii(deployment.account));
    if (account == by_account_.end()) continue;
    if (deployment.validity.to.value / kNanosPerSecond <= asked_.from_s) continue;
    Place place = accounts_[account->second];
    place.deployment = deployment.name;
    place.model = deployment.model;
    place.version = deployment.version;
    place.sku = deployment.sku;
    place.spillover = deployment.spillover;
    place.capacity = deployment.capacity;
    place.requests_per_minute = deployment.requests_per_minute;
    place.tokens_per_minute = deployment.tokens_per_minute;
    const std::string key = key_of(std::to_string(account->second), normal(deployment.name));
    // What it is now stands behind what it was.
    if (const auto known = by_metric_.find(key); known != by_metric_.end()) {
      places_[known->second] = std::move(place);
      continue;
    }
    const std::string name = lower_ascii(deployment.name);
    by_metric_[key] = places_.size();
    if (!place.resource.empty()) by_resource_[key_of(place.resource, name)] = places_.size();
    by_name_[name].push_back(places_.size());
    add(std::move(place));
  }
}

std::size_t Directory::add(Place place) {
  places_.push_back(std::move(place));
  return places_.size() - 1;
}

std::size_t Directory::of_metric(std::string_view subscription, std::string_view group,
                                 std::string_view account, std::string_view deployment) {
  const std::string tags = account_key(subscription, group, account);
  const auto at = by_account_.find(tags);
  // An account that is gone since, by its tags.
  const std::string owner = at == by_account_.end() ? tags : std::to_string(at->second);
  const auto [known, missing] =
      by_metric_.try_emplace(key_of(owner, normal(deployment)), places_.size());
  if (!missing) return known->second;
  Place place;
  if (at != by_account_.end()) {
    place = accounts_[at->second];
  } else {
    place.account = std::string(account);
    place.resource_group = std::string(group);
    place.subscription = std::string(subscription);
    place.window = asked_;
  }
  place.deployment = std::string(deployment);
  if (!place.resource.empty())
    by_resource_.try_emplace(key_of(place.resource, deployment), places_.size());
  return add(std::move(place));
}

Directory::Found Directory::of_call(std::string_view resource, std::string_view deployment) {
  if (const auto known = by_resource_.find(key_of(resource, deployment));
      !resource.empty() && known != by_resource_.end())
    return {known->second, false};
  const auto named = by_name_.find(std::string(deployment));
  const std::size_t many = named == by_name_.end() ? 0 : named->second.size();
  // Through a gateway, or without saying where.
  const bool elsewhere = !resources_.contains(std::string(resource));
  if (elsewhere && many == 1) return {named->second.front(), true};
  const auto [known, missing] = by_call_.try_emplace(key_of(resource, deployment), places_.size());
  if (!missing) return {known->second, false};
  Place place;
  place.resource = std::string(resource);
  place.deployment = std::string(deployment);
  place.window = asked_;
  place.unknown = !set_up_                ? Unknown::not_set_up
                  : elsewhere && many > 1 ? Unknown::ambiguous
                                          : Unknown::not_in_azure;
  return {add(std::move(place)), false};
}

}  // namespace catalejo::insight::economics
