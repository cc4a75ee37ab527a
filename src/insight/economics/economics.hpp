// What each deployment consumed: billed by Azure, traced by applications, and what of the former
// the latter do not explain. Whatever is not known has its reason and is no 0. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "insight/economics/counted.hpp"
#include "insight/economics/filter_volume.hpp"
#include "insight/economics/provisioned.hpp"
#include "insight/economics/quota.hpp"

namespace catalejo::insight::economics {

// As Azure Monitor sums them up; it counts every answer that was sent.
struct Billed {
  std::int64_t prompt = 0, completion = 0;
  std::int64_t requests = 0, succeeded = 0, throttled = 0;  // all, those with 2xx, with 429
  std::int64_t spilled = 0;  // of `succeeded`: sent on by a provisioned deployment that was full
  std::int64_t total() const;
};

struct Traced {
  std::int64_t prompt = 0, cached = 0, completion = 0;
  std::int64_t calls = 0, failed = 0;
  std::int64_t uncounted = 0;  // calls that succeeded and told no tokens
  std::int64_t by_name = 0;    // calls that named no account in sight
  std::int64_t total() const;
};

// What was billed and not traced; or, where more was traced than billed, how much more.
struct Difference {
  std::int64_t untraced = 0, beyond = 0;
  std::optional<double> share;  // of what was billed, 0 to 1; none of nothing
};
Difference difference(std::int64_t billed, std::int64_t traced);

// How spans call a deployment, for a search for them.
struct Called {
  std::string resource, deployment, model;
  auto operator<=>(const Called&) const = default;
};

struct Row {
  Place place;
  std::optional<Billed> billed;  // none: place.unknown says why
  Traced traced;
  std::set<Called> called;
  Limits limits;
  std::optional<Peak> peak;  // as `billed`
  Throttled throttled;
  std::optional<Provisioned> provisioned;  // of such a deployment
  FilterVolume filter;
};

struct Economics {
  Window asked;
  std::vector<Row> rows;  // most tokens first
  // Of the rows with `billed`; what was traced elsewhere stands beside it.
  Billed billed;
  Traced traced, elsewhere;
  std::size_t unknown = 0;  // rows without `billed`
  bool cut = false;         // traced deployments with the fewest calls were left out
};

// What the statements answered.
struct Answers {
  std::vector<AzureCount> azure;
  std::vector<TracedCount> traced;
  std::vector<AzurePeak> peaks;
  std::vector<TracedThrottling> throttling;
  std::vector<AzureUtilisation> utilisation;
  std::vector<AzureVolume> azure_volumes;
  std::vector<TracedVolume> traced_volumes;
};
// `directory` gets what the answers name and it lacks.
Economics economics_of(Directory& directory, Window asked, Answers answers,
                       const std::shared_ptr<const cost::PriceBook>& book);

// A search for the model calls of a row. Empty when no span names it.
std::string search_for(const std::set<Called>& called);

}  // namespace catalejo::insight::economics
