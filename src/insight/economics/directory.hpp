// Deployments by every name they go by: Azure's inventory, tags of Azure's metrics, what a span
// says of its call. And the time in which both sides are known of each, so that the same minutes
// are compared. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/azure.hpp"
#include "store/azure_control.hpp"

namespace catalejo::insight::economics {

// Whole minutes, in Unix seconds: from the first to before the second.
struct Window {
  std::int64_t from_s = 0, to_s = 0;
  bool empty() const { return from_s >= to_s; }
  bool operator==(const Window&) const = default;
};

// Values of a minute come late; a window ends before those that may still come.
inline constexpr std::int64_t kSettledSeconds = 300;
// The whole minutes in [from, to) that are settled. Empty when there are none.
Window window_of(UnixNanos from, UnixNanos to, UnixNanos now);

// Why it is not known what Azure counted.
enum class Unknown : std::uint8_t {
  none,
  not_set_up,    // Azure was never read
  not_in_azure,  // no account in sight has such a deployment
  ambiguous,     // several have, and the calls do not say which
  not_read,      // its account was not read for this time
  no_metric,     // Azure gives no such metric of its account
};
std::string_view unknown_name(Unknown unknown);

struct Place {
  std::string account_id, account, resource, resource_group, subscription, region;
  std::string deployment, model, version, sku, spillover;
  std::int64_t capacity = 0, requests_per_minute = 0, tokens_per_minute = 0;  // 0 = not said
  Window window;
  Unknown unknown = Unknown::none;
};

class Directory {
 public:
  // `asked` is not empty.
  Directory(const model::AzureInventory& inventory,
            const std::vector<store::AzurePosition>& positions, Window asked);

  const std::vector<Place>& places() const { return places_; }
  // The times at which windows begin and end, inside the one that was asked for; sorted.
  const std::vector<std::int64_t>& bounds() const { return bounds_; }
  // Whether what happened after so many of the bounds is inside the window of the place.
  bool inside(std::size_t place, std::size_t era) const;

  // By the tags of a metric, which are normal. One that the inventory lacks is added.
  std::size_t of_metric(std::string_view subscription, std::string_view group,
                        std::string_view account, std::string_view deployment);
  struct Found {
    std::size_t place = 0;
    bool by_name = false;  // the call names no account in sight, and one has a deployment so called
  };
  // By what a span says, in small letters. One that the inventory lacks is added.
  Found of_call(std::string_view resource, std::string_view deployment);

 private:
  void cover(const std::vector<store::AzurePosition>& positions);
  bool add_bounds(Window window);
  void add_deployments(const model::AzureInventory& inventory);
  std::size_t add(Place place);

  const Window asked_;
  const bool set_up_;
  std::vector<Place> places_;
  std::vector<std::int64_t> bounds_;
  std::vector<Place> accounts_;                    // without a deployment, with their window
  std::map<std::string, std::size_t> by_account_;  // id, or tags → index of accounts_
  // Of places: account and deployment, resource and deployment, deployment alone, and those that
  // only calls name.
  std::map<std::string, std::size_t> by_metric_, by_resource_, by_call_;
  std::map<std::string, std::vector<std::size_t>> by_name_;
  std::set<std::string> resources_;
};

}  // namespace catalejo::insight::economics
