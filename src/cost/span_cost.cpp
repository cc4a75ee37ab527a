#include "cost/span_cost.hpp"

#include <algorithm>
#include <chrono>

#include "base/limits.hpp"

namespace catalejo::cost {
namespace {

std::int64_t bounded(std::int64_t count, std::int64_t max) {
  return std::clamp(count, std::int64_t{0}, max);
}

std::int64_t add(std::int64_t a, std::int64_t b) {
  return saturate_to_64(static_cast<Int128>(a) + b);
}

}  // namespace

std::int64_t TokenSplit::all() const {
  return add(add(add(input, cached), add(cache_write, audio_input)), add(output, audio_output));
}

TokenSplit& operator+=(TokenSplit& to, const TokenSplit& from) {
  for (const auto member :
       {&TokenSplit::input, &TokenSplit::cached, &TokenSplit::cache_write, &TokenSplit::audio_input,
        &TokenSplit::output, &TokenSplit::audio_output, &TokenSplit::reasoning})
    to.*member = add(to.*member, from.*member);
  return to;
}

// The columns of 0010_usage.sql are bounded in the same way, for sums; tests/e2e/test_costs.py
// compares the two.
std::optional<TokenSplit> split_tokens(const TokenCounts& counts, bool embedding) {
  constexpr std::int64_t kMax = limits::tokens_per_call_max;
  if (counts.input < 0 || counts.input > kMax || counts.output > kMax) return std::nullopt;
  if (counts.output < 0 && !embedding) return std::nullopt;
  TokenSplit split;
  split.cached = bounded(counts.cached, counts.input);
  split.cache_write = bounded(counts.cache_write, counts.input - split.cached);
  split.audio_input = bounded(counts.audio_input, counts.input - split.cached - split.cache_write);
  split.input = counts.input - split.cached - split.cache_write - split.audio_input;
  const std::int64_t output = std::max<std::int64_t>(counts.output, 0);
  split.audio_output = bounded(counts.audio_output, output);
  split.output = output - split.audio_output;
  split.reasoning = bounded(counts.reasoning, split.output);
  return split;
}

Cost token_cost(const TokenSplit& tokens, const Quote& quote, std::vector<CostPart>* parts) {
  const model::Rates& rates = quote.rates;
  const auto or_input = [&](std::int64_t rate) { return rate >= 0 ? rate : rates.input; };
  const std::array lines = {
      CostPart{"input", tokens.input, rates.input, {}},
      CostPart{"cached_input", tokens.cached, or_input(rates.cached_input), {}},
      CostPart{"cache_write", tokens.cache_write, or_input(rates.cache_write), {}},
      CostPart{"audio_input", tokens.audio_input, rates.audio_input, {}},
      CostPart{"output", tokens.output, rates.output, {}},
      CostPart{"audio_output", tokens.audio_output, rates.audio_output, {}},
  };
  Int128 sum = 0;
  for (const CostPart& line : lines) {
    if (line.tokens == 0) continue;
    if (line.rate < 0) return {Kind::unknown, Reason::no_rate, {}};
    // Below 2^63 × 10^15 = 2^113 each: six of them fit.
    const Int128 product = static_cast<Int128>(line.tokens) * line.rate;
    sum += product;
    if (parts == nullptr) continue;
    parts->push_back(line);
    parts->back().cost = {div_round_half_even(product, kTokensPerPrice)};
  }
  return {quote.kind, Reason::none, {div_round_half_even(sum, kTokensPerPrice)}};
}

std::int64_t day_of(UnixNanos time) {
  const std::int64_t day = time.value / kNanosPerDay;
  return time.value % kNanosPerDay < 0 ? day - 1 : day;
}

NanoUsd provisioned_day(const model::DeploymentMapping& mapping, std::int64_t day, UnixNanos now) {
  if (mapping.monthly_nano_usd < 0 || day > INT32_MAX || day < 0) return {};
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  const std::chrono::year_month_day_last last{date.year(),
                                              std::chrono::month_day_last{date.month()}};
  const auto days = static_cast<std::int64_t>(static_cast<unsigned>(last.day()));
  const std::int64_t begin = std::max(day * kNanosPerDay, mapping.validity.from.value);
  const std::int64_t end =
      std::min({(day + 1) * kNanosPerDay, mapping.validity.to.value, now.value});
  if (end <= begin) return {};
  return {div_round_half_even(static_cast<Int128>(mapping.monthly_nano_usd) * (end - begin),
                              static_cast<Int128>(days) * kNanosPerDay)};
}

Cost provisioned_share(NanoUsd day_cost, std::int64_t tokens, std::int64_t day_tokens) {
  if (day_tokens <= 0) return {Kind::unknown, Reason::ptu_not_measured, {}};
  // Spans may have come since the day was measured.
  day_tokens = std::max(day_tokens, tokens);
  return {Kind::ptu_estimate,
          Reason::none,
          {div_round_half_even(static_cast<Int128>(day_cost.value) * tokens, day_tokens)}};
}

}  // namespace catalejo::cost
