// Provisioned throughput (PTU): how much of it was used, what a token really cost, and from how
// many tokens on it is cheaper than paying by the token. Whole billionths of a dollar. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/money.hpp"
#include "cost/price_book.hpp"
#include "insight/economics/counted.hpp"

namespace catalejo::insight::economics {

// In percent, of the minutes that have a value: Azure has none for a minute without a call.
struct Utilisation {
  double sum = 0, p95 = 0, max = 0;
  std::int64_t minutes = 0;
  double mean() const { return minutes > 0 ? sum / static_cast<double>(minutes) : 0; }
};
struct AzureUtilisation {
  MetricPlace place;
  bool newer = false;  // of the metric that replaces the other
  Utilisation of;
};
query::Statement plan_utilisation(const Span& span);
Result<std::vector<AzureUtilisation>> read_utilisation(std::string_view body);

bool is_provisioned(std::string_view sku);
// What the same tokens would be billed by without provisioned throughput.
model::DeploymentType pay_as_you_go(std::string_view sku);

// What was served in a time.
struct Served {
  std::int64_t input = 0, cached = 0, output = 0;  // apart from each other
  std::int64_t total() const;
};
// Prompt tokens with the share that was read from the cache where calls are traced: Azure does not
// tell it.
Served served(std::int64_t prompt, std::int64_t completion, std::int64_t traced_prompt,
              std::int64_t traced_cached);

// None of a time or of tokens that there are not.
std::optional<NanoUsd> per_million(NanoUsd cost, std::int64_t tokens);
std::optional<std::int64_t> per_hour(std::int64_t tokens, std::int64_t seconds);
// How many tokens an hour, of the same kinds as `tokens`, cost as much by the token as the hour
// does. `cost` is that of the time, `by_token` that of the tokens.
std::optional<std::int64_t> break_even_per_hour(NanoUsd cost, std::int64_t seconds,
                                                NanoUsd by_token, std::int64_t tokens);

struct Provisioned {
  std::optional<Utilisation> utilisation;
  std::int64_t minutes = 0;            // of the time
  std::optional<NanoUsd> cost;         // of the time; none: no monthly price is known
  std::optional<std::int64_t> served;  // tokens; none as `billed`
  std::optional<std::int64_t> served_per_hour;
  std::optional<NanoUsd> million;  // real price of a million tokens
  model::DeploymentType by_token_type = model::DeploymentType::global;
  std::optional<NanoUsd> by_token, by_token_million;  // of the same tokens
  cost::Reason by_token_unknown = cost::Reason::none;
  std::optional<std::int64_t> break_even;  // tokens an hour
  std::optional<double> break_even_share;  // utilisation at that, over the whole time, in percent
};
struct ProvisionedUseOf {
  const Place* place = nullptr;
  std::optional<Served> served;
  std::optional<Utilisation> utilisation;
};
Provisioned provisioned(const ProvisionedUseOf& use,
                        const std::shared_ptr<const cost::PriceBook>& book);

}  // namespace catalejo::insight::economics
