#include "query/cost_sum.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

constexpr std::size_t at(cost::Kind kind) {
  return static_cast<std::size_t>(kind);
}

cost::Cost provisioned_cost(const cost::Quote& quote, std::int64_t day, std::int64_t tokens,
                            const Pricing& pricing) {
  const auto [day_cost, day_tokens] = provisioned_of_day(quote, day, pricing);
  return cost::provisioned_share(day_cost, tokens, day_tokens);
}

void add_known(CostSum& sum, cost::Kind kind, NanoUsd amount, std::uint64_t calls) {
  sum.calls_by_kind[at(kind)] += calls;
  sum.cost_by_kind[at(kind)] = add_saturated(sum.cost_by_kind[at(kind)], amount);
}

}  // namespace

ProvisionedDays provisioned_days(const cost::PriceBook& book,
                                 const std::vector<ProvisionedUse>& uses, std::int64_t slice_ns) {
  ProvisionedDays by_mapping;
  for (const ProvisionedUse& use : uses) {
    const std::int64_t day = use.slice / (kNanosPerDay / slice_ns);
    // A mapping that begins or ends within a day takes the whole of its tokens.
    for (const std::int64_t hour : {0, 12, 23}) {
      const UnixNanos time{day * kNanosPerDay + hour * 3600 * kNanosPerSecond};
      const auto* mapping = book.find_mapping(use.deployment, use.resource, time);
      if (mapping == nullptr || mapping->type != model::DeploymentType::provisioned) continue;
      std::int64_t& tokens = by_mapping[{mapping->id, day}];
      tokens = add_saturated(tokens, use.tokens);
      break;
    }
  }
  return by_mapping;
}

std::uint64_t CostSum::known_calls() const {
  return std::accumulate(calls_by_kind.begin(), calls_by_kind.begin() + at(cost::Kind::unknown),
                         std::uint64_t{0});
}

std::uint64_t CostSum::unknown_calls() const {
  return calls_by_kind[at(cost::Kind::unknown)];
}

NanoUsd CostSum::known_cost() const {
  NanoUsd sum;
  for (const NanoUsd part : cost_by_kind) sum = add_saturated(sum, part);
  return sum;
}

void CostSum::add_unknown(cost::Reason reason, const cost::Quote& quote, std::uint64_t count) {
  if (count == 0) return;
  calls_by_kind[at(cost::Kind::unknown)] += count;
  const bool about_model = reason != cost::Reason::deployment_not_mapped;
  const std::string model = about_model ? quote.model : std::string();
  for (UnknownCalls& other : unknown) {
    if (other.reason != reason || other.model != model || other.deployment != quote.deployment)
      continue;
    other.calls += count;
    return;
  }
  unknown.push_back({reason, model, quote.deployment, count});
}

void CostSum::add(const CostSum& other) {
  calls += other.calls;
  tokens += other.tokens;
  for (std::size_t i = 0; i < calls_by_kind.size(); ++i) {
    calls_by_kind[i] += other.calls_by_kind[i];
    cost_by_kind[i] = add_saturated(cost_by_kind[i], other.cost_by_kind[i]);
  }
  for (const UnknownCalls& theirs : other.unknown) {
    const auto mine = std::ranges::find_if(unknown, [&](const UnknownCalls& ours) {
      return ours.reason == theirs.reason && ours.model == theirs.model &&
             ours.deployment == theirs.deployment;
    });
    if (mine == unknown.end()) {
      unknown.push_back(theirs);
    } else {
      mine->calls += theirs.calls;
    }
  }
}

void CostSum::finish() {
  std::ranges::sort(unknown, [](const UnknownCalls& a, const UnknownCalls& b) {
    return std::tie(b.calls, a.reason, a.model, a.deployment) <
           std::tie(a.calls, b.reason, b.model, b.deployment);
  });
}

bool is_provisioned(const cost::Quote& quote) {
  return quote.kind == cost::Kind::ptu_estimate;
}

std::pair<NanoUsd, std::int64_t> provisioned_of_day(const cost::Quote& quote, std::int64_t day,
                                                    const Pricing& pricing) {
  const auto found = pricing.days.find({quote.mapping->id, day});
  return {cost::provisioned_day(*quote.mapping, day, pricing.now),
          found == pricing.days.end() ? 0 : found->second};
}

cost::Quote quote_of(const UsageKey& key, const cost::PriceBook& book) {
  return book.quote({.model = key.model,
                     .deployment = key.deployment,
                     .resource = key.resource,
                     .time = key.time,
                     .long_context = key.long_context});
}

void add_usage(CostSum& sum, const UsageKey& key, const Usage& usage, const Pricing& pricing) {
  const cost::Quote quote = quote_of(key, *pricing.book);
  sum.calls += usage.calls;
  sum.tokens += usage.tokens;
  if (key.application) {
    add_known(sum, cost::Kind::application, {usage.application_nano_usd}, usage.calls);
    return;
  }
  sum.add_unknown(cost::Reason::failed_without_tokens, quote, usage.failed_uncounted_calls);
  sum.add_unknown(cost::Reason::no_token_counts, quote,
                  usage.calls - usage.counted_calls - usage.failed_uncounted_calls);
  if (usage.counted_calls == 0) return;
  if (quote.kind == cost::Kind::unknown) {
    sum.add_unknown(quote.reason, quote, usage.counted_calls);
    return;
  }
  cost::Cost cost{quote.kind, quote.reason, {}};
  if (is_provisioned(quote)) {
    cost = provisioned_cost(quote, key.day, usage.tokens.all(), pricing);
  } else {
    cost = cost::token_cost(usage.tokens, quote);
  }
  if (cost.known()) {
    add_known(sum, cost.kind, cost.amount, usage.counted_calls);
  } else {
    sum.add_unknown(cost.reason, quote, usage.counted_calls);
  }
}

SpanCost span_cost(const SpanRow& row, const Pricing& pricing, bool with_parts) {
  SpanCost result;
  result.is_model_call = row.has_llm() && (row.kind == "llm" || row.kind == "embedding");
  const std::int64_t long_above = pricing.book->long_context_above();
  result.quote =
      pricing.book->quote({.model = row.model,
                           .deployment = row.deployment,
                           .resource = row.azure_resource,
                           .time = row.start,
                           .long_context = long_above > 0 && row.input_tokens > long_above});
  result.tokens = cost::split_tokens({.input = row.input_tokens,
                                      .cached = row.cached_tokens,
                                      .cache_write = row.cache_write_tokens,
                                      .audio_input = row.audio_input_tokens,
                                      .output = row.output_tokens,
                                      .reasoning = row.reasoning_tokens,
                                      .audio_output = row.audio_output_tokens},
                                     row.kind == "embedding");
  if (row.cost_nano_usd >= 0) {
    result.cost = {cost::Kind::application, cost::Reason::none, {row.cost_nano_usd}};
  } else if (!result.is_model_call) {
    result.cost = {cost::Kind::none, cost::Reason::none, {}};
  } else if (!result.tokens) {
    result.cost.reason =
        row.error ? cost::Reason::failed_without_tokens : cost::Reason::no_token_counts;
  } else if (is_provisioned(result.quote)) {
    result.cost =
        provisioned_cost(result.quote, cost::day_of(row.start), result.tokens->all(), pricing);
  } else if (result.quote.kind == cost::Kind::unknown) {
    result.cost.reason = result.quote.reason;
  } else {
    result.cost =
        cost::token_cost(*result.tokens, result.quote, with_parts ? &result.parts : nullptr);
    if (!result.cost.known()) result.parts.clear();
  }
  return result;
}

void add_span(CostSum& sum, const SpanCost& span) {
  if (!span.is_model_call) return;
  ++sum.calls;
  if (span.tokens) sum.tokens += *span.tokens;
  if (span.cost.known()) {
    add_known(sum, span.cost.kind, span.cost.amount, 1);
  } else {
    sum.add_unknown(span.cost.reason, span.quote, 1);
  }
}

}  // namespace catalejo::query
