// Usage and spans × the price book: what is known to have been spent, and what is not known and
// why. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cost/span_cost.hpp"
#include "query/span_row.hpp"
#include "query/usage.hpp"

namespace catalejo::query {

// Tokens that a provisioned deployment used on a day, by number of its mapping and day: what its
// cost of that day is shared over.
using ProvisionedDays = std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>;
// `slice_ns` as in the plan: a day has a whole number of slices.
ProvisionedDays provisioned_days(const cost::PriceBook& book,
                                 const std::vector<ProvisionedUse>& uses, std::int64_t slice_ns);

// What prices of one answer come from. Lives through it.
struct Pricing {
  std::shared_ptr<const cost::PriceBook> book;
  ProvisionedDays days;
  UnixNanos now;
};

// Calls whose cost is not known for the same reason.
struct UnknownCalls {
  cost::Reason reason = cost::Reason::none;
  std::string model, deployment;  // what the reason is about
  std::uint64_t calls = 0;
};

struct CostSum {
  std::uint64_t calls = 0;                       // of models
  cost::TokenSplit tokens;                       // of the calls that said them
  std::array<std::uint64_t, 6> calls_by_kind{};  // by cost::Kind
  std::array<NanoUsd, 6> cost_by_kind{};
  std::vector<UnknownCalls> unknown;  // most calls first, after finish()

  std::uint64_t known_calls() const;
  std::uint64_t unknown_calls() const;
  NanoUsd known_cost() const;
  void add_unknown(cost::Reason reason, const cost::Quote& quote, std::uint64_t calls);
  void add(const CostSum& other);
  void finish();
};

bool is_provisioned(const cost::Quote& quote);
// What a provisioned deployment costs on a day, and the tokens that this is shared over.
std::pair<NanoUsd, std::int64_t> provisioned_of_day(const cost::Quote& quote, std::int64_t day,
                                                    const Pricing& pricing);
cost::Quote quote_of(const UsageKey& key, const cost::PriceBook& book);
void add_usage(CostSum& sum, const UsageKey& key, const Usage& usage, const Pricing& pricing);

struct SpanCost {
  cost::Cost cost;
  cost::Quote quote;
  std::vector<cost::CostPart> parts;  // when asked for
  bool is_model_call = false;
  std::optional<cost::TokenSplit> tokens;
};
// `row` is the LLM half of a span. Without parts when only the sum is wanted.
SpanCost span_cost(const SpanRow& row, const Pricing& pricing, bool with_parts);
void add_span(CostSum& sum, const SpanCost& span);

}  // namespace catalejo::query
