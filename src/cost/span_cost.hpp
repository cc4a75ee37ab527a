// Token counts × rates. Integers only; a sum is rounded once, to the even neighbour.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/money.hpp"
#include "cost/price_book.hpp"

namespace catalejo::cost {

// As a span says; -1 = not said. Cached, written and audio tokens are part of the input, reasoning
// and audio tokens part of the output.
struct TokenCounts {
  std::int64_t input = -1, cached = -1, cache_write = -1, audio_input = -1;
  std::int64_t output = -1, reasoning = -1, audio_output = -1;
};

// The same without overlaps, 0 or more each: what is billed at one rate each. Reasoning tokens are
// billed as output and stay part of it; they are only told.
struct TokenSplit {
  std::int64_t input = 0, cached = 0, cache_write = 0, audio_input = 0;
  std::int64_t output = 0, audio_output = 0, reasoning = 0;
  bool operator==(const TokenSplit&) const = default;
  std::int64_t all() const;
};
TokenSplit& operator+=(TokenSplit& to, const TokenSplit& from);  // saturates

// nullopt without the counts that a cost needs: input, and output unless it is an embedding.
std::optional<TokenSplit> split_tokens(const TokenCounts& counts, bool embedding);

struct CostPart {
  std::string_view what;  // "input", "cached_input", "cache_write", "output", "audio_input", …
  std::int64_t tokens = 0;
  std::int64_t rate = 0;  // billionths of a dollar per million tokens
  NanoUsd cost;
};

struct Cost {
  Kind kind = Kind::unknown;
  Reason reason = Reason::none;
  NanoUsd amount;  // when kind is neither unknown nor none
  bool known() const { return kind != Kind::unknown && kind != Kind::none; }
};

// What the tokens cost at the rates of the quote; unknown with no_rate when one that is needed is
// missing. Tokens read from or written to the cache without a rate of their own are billed as
// input. `parts`, when given, gets a line for each rate used.
Cost token_cost(const TokenSplit& tokens, const Quote& quote,
                std::vector<CostPart>* parts = nullptr);

// What a provisioned deployment costs on one UTC day (days since 1970): its share of the month, of
// the part of the day in which the mapping holds and which is over.
NanoUsd provisioned_day(const model::DeploymentMapping& mapping, std::int64_t day, UnixNanos now);
// The share of `tokens` in `day_tokens`.
Cost provisioned_share(NanoUsd day_cost, std::int64_t tokens, std::int64_t day_tokens);

std::int64_t day_of(UnixNanos time);

}  // namespace catalejo::cost
