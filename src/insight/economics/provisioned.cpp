#include "insight/economics/provisioned.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "cost/span_cost.hpp"
#include "insight/economics/statements.hpp"
#include "query/saturate.hpp"

namespace catalejo::insight::economics {
namespace {

using query::RowReader;
using query::StatementBuilder;

constexpr std::int64_t kHour = 3'600;
// The second is called so for models of other vendors, and where Azure renamed it.
constexpr std::array<std::string_view, 2> kMetrics = {
    "azure.cognitiveservices_accounts.provisioned_managed_utilization_v2",
    "azure.cognitiveservices_accounts.provisioned_utilization"};

Int128 wide(std::int64_t value) {
  return value;
}

// What the deployment costs in the window: its share of each month.
std::optional<NanoUsd> cost_of(const model::DeploymentMapping& mapping, Window window) {
  if (mapping.monthly_nano_usd < 0) return std::nullopt;
  model::DeploymentMapping inside = mapping;
  const UnixNanos from{window.from_s * kNanosPerSecond}, to{window.to_s * kNanosPerSecond};
  inside.validity.from = std::max(mapping.validity.from, from);
  NanoUsd sum;
  for (std::int64_t day = cost::day_of(from); day <= cost::day_of(to); ++day)
    sum = add_saturated(sum, cost::provisioned_day(inside, day, to));
  return sum;
}

// Priced as if the deployment were of that type.
cost::Cost by_token(const Place& place, const Served& tokens, model::DeploymentType type,
                    const std::shared_ptr<const cost::PriceBook>& book) {
  const std::shared_ptr<const cost::Catalogue> catalogue(book, &book->catalogue());
  const cost::PriceBook other(
      catalogue, book->own_prices(),
      {{.deployment = place.deployment, .resource = {}, .model = place.model, .type = type}});
  const UnixNanos time{(place.window.to_s - 1) * kNanosPerSecond};
  const cost::Quote quote =
      other.quote({.model = {}, .deployment = place.deployment, .resource = {}, .time = time});
  if (quote.kind == cost::Kind::unknown) return {cost::Kind::unknown, quote.reason, {}};
  return cost::token_cost({.input = tokens.input, .cached = tokens.cached, .output = tokens.output},
                          quote);
}

void compare(Provisioned& made, const Place& place, const Served& tokens,
             const std::shared_ptr<const cost::PriceBook>& book) {
  const std::int64_t seconds = place.window.to_s - place.window.from_s;
  const std::int64_t total = tokens.total();
  made.served = total;
  made.served_per_hour = per_hour(total, seconds);
  if (made.cost) made.million = per_million(*made.cost, total);
  const cost::Cost cost = by_token(place, tokens, made.by_token_type, book);
  made.by_token_unknown = cost.reason;
  if (!cost.known()) return;
  made.by_token = cost.amount;
  made.by_token_million = per_million(cost.amount, total);
  if (!made.cost) return;
  made.break_even = break_even_per_hour(*made.cost, seconds, cost.amount, total);
  if (!made.break_even || !made.utilisation || made.minutes <= 0 || !made.served_per_hour ||
      *made.served_per_hour <= 0)
    return;
  // Utilisation grows with the tokens, as long as they are of the same kinds.
  const double over_all = made.utilisation->sum / static_cast<double>(made.minutes);
  made.break_even_share =
      over_all * static_cast<double>(*made.break_even) / static_cast<double>(*made.served_per_hour);
}

}  // namespace

std::int64_t Served::total() const {
  return query::add_saturated(query::add_saturated(input, cached), output);
}

bool is_provisioned(std::string_view sku) {
  return model::deployment_type_of_sku(sku) == model::DeploymentType::provisioned;
}

model::DeploymentType pay_as_you_go(std::string_view sku) {
  if (sku.starts_with("Global")) return model::DeploymentType::global;
  if (sku.starts_with("DataZone")) return model::DeploymentType::data_zone;
  return model::DeploymentType::regional;
}

Served served(std::int64_t prompt, std::int64_t completion, std::int64_t traced_prompt,
              std::int64_t traced_cached) {
  Served made{.input = std::max<std::int64_t>(prompt, 0),
              .output = std::max<std::int64_t>(completion, 0)};
  if (traced_prompt <= 0) return made;
  const std::int64_t cached = std::clamp<std::int64_t>(traced_cached, 0, traced_prompt);
  made.cached = div_round_half_even(wide(made.input) * cached, traced_prompt);
  made.input -= made.cached;
  return made;
}

std::optional<NanoUsd> per_million(NanoUsd cost, std::int64_t tokens) {
  if (tokens <= 0) return std::nullopt;
  return NanoUsd{div_round_half_even(wide(cost.value) * kTokensPerPrice, tokens)};
}

std::optional<std::int64_t> per_hour(std::int64_t tokens, std::int64_t seconds) {
  if (seconds <= 0) return std::nullopt;
  return div_round_half_even(wide(tokens) * kHour, seconds);
}

std::optional<std::int64_t> break_even_per_hour(NanoUsd cost, std::int64_t seconds,
                                                NanoUsd by_token, std::int64_t tokens) {
  if (seconds <= 0 || by_token.value <= 0 || tokens <= 0 || cost.value < 0) return std::nullopt;
  // Below 2^126; only then does the hour come in.
  const std::int64_t equal = div_round_half_even(wide(cost.value) * tokens, by_token.value);
  return per_hour(equal, seconds);
}

Provisioned provisioned(const ProvisionedUseOf& use,
                        const std::shared_ptr<const cost::PriceBook>& book) {
  const Place& place = *use.place;
  Provisioned made;
  made.utilisation = use.utilisation;
  made.minutes = (place.window.to_s - place.window.from_s) / 60;
  made.by_token_type = pay_as_you_go(place.sku);
  const UnixNanos last{(place.window.to_s - 1) * kNanosPerSecond};
  const model::DeploymentMapping* mapping =
      book->find_mapping(place.deployment, place.resource, last);
  if (mapping != nullptr && mapping->type == model::DeploymentType::provisioned)
    made.cost = cost_of(*mapping, place.window);
  if (use.served) compare(made, place, *use.served, book);
  return made;
}

query::Statement plan_utilisation(const Span& span) {
  StatementBuilder out;
  out << "SELECT name, " << kPlaceNames
      << ", sum(u), quantileExact(0.95)(u), max(most), toInt64(count())\nFROM (\n  SELECT name, "
      << kPlaceNames << ", minute, avg(v) AS u, max(v) AS most\n  FROM (\n    SELECT name, "
      << place_columns()
      << ", minutes, vs FROM (\n      SELECT toString(name) AS name, series, any(CAST(tags, "
         "'Array(String)')) AS labels, groupArray(toUnixTimestamp(time)) AS minutes, "
         "groupArray(value) AS vs\n      FROM metrics\n      WHERE ";
  write_metrics(out, span, {kMetrics.begin(), kMetrics.end()});
  out << "\n      GROUP BY name, series))\n  ARRAY JOIN minutes AS minute, vs AS v\n  GROUP BY "
         "name, "
      << kPlaceNames << ", minute)\nGROUP BY name, " << kPlaceNames << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::vector<AzureUtilisation>> read_utilisation(std::string_view body) {
  std::vector<AzureUtilisation> all;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    AzureUtilisation one;
    one.newer = row.text() == kMetrics.front();
    one.place = read_place(row);
    for (double* value : {&one.of.sum, &one.of.p95, &one.of.max}) *value = row.f64();
    one.of.minutes = std::max<std::int64_t>(row.i64(), 0);
    if (row.failed()) return broken_rows();
    const bool sane = std::isfinite(one.of.sum) && std::isfinite(one.of.max);
    if (sane) all.push_back(std::move(one));
  }
  if (row.failed()) return broken_rows();
  return all;
}

}  // namespace catalejo::insight::economics
