#include "cost/span_cost.hpp"

#include <gtest/gtest.h>

namespace catalejo::cost {
namespace {

Quote quoted(model::Rates rates) {
  Quote quote;
  quote.kind = Kind::catalogue;
  quote.rates = rates;
  return quote;
}

TEST(SplitTokens, NeverCountsATokenTwice) {
  struct Case {
    TokenCounts counts;
    bool embedding;
    std::optional<TokenSplit> expected;
  };
  for (const auto& [counts, embedding, expected] :
       {Case{{.input = 10, .output = 5}, false, TokenSplit{.input = 10, .output = 5}},
        {{.input = 10, .cached = 4, .output = 5, .reasoning = 2},
         false,
         TokenSplit{.input = 6, .cached = 4, .output = 5, .reasoning = 2}},
        // More cached than there is: a client's mistake, never a negative amount.
        {{.input = 10, .cached = 99, .output = 0}, false, TokenSplit{.cached = 10}},
        {{.input = 10, .cached = 8, .cache_write = 8, .audio_input = 8, .output = 0},
         false,
         TokenSplit{.cached = 8, .cache_write = 2}},
        {{.input = 10, .audio_input = 4, .output = 5, .audio_output = 3},
         false,
         TokenSplit{.input = 6, .audio_input = 4, .output = 2, .audio_output = 3}},
        {{.input = 0, .output = 0}, false, TokenSplit{}},
        {{.input = 10, .cached = -1, .output = 5, .reasoning = 50},
         false,
         TokenSplit{.input = 10, .output = 5, .reasoning = 5}},
        // Missing counts are not zero.
        {{.input = 10}, false, std::nullopt},
        {{.output = 10}, false, std::nullopt},
        {{}, true, std::nullopt},
        {{.input = 10}, true, TokenSplit{.input = 10}},
        {{.input = INT64_MAX, .output = 1}, false, std::nullopt}})
    EXPECT_EQ(split_tokens(counts, embedding), expected) << counts.input;
}

TEST(TokenCost, IsTheSumOfTheParts) {
  const Quote quote = quoted({.input = 2'500'000'000,
                              .cached_input = 1'250'000'000,
                              .output = 10'000'000'000,
                              .audio_input = 40'000'000'000,
                              .audio_output = 80'000'000'000});
  std::vector<CostPart> parts;
  const Cost cost = token_cost(
      {.input = 1'000, .cached = 500, .audio_input = 10, .output = 200, .audio_output = 5}, quote,
      &parts);
  EXPECT_EQ(cost.kind, Kind::catalogue);
  EXPECT_EQ(cost.amount.value, 2'500'000 + 625'000 + 400'000 + 2'000'000 + 400'000);
  ASSERT_EQ(parts.size(), 5u);
  EXPECT_EQ(parts[1].what, "cached_input");
  EXPECT_EQ(parts[1].cost.value, 625'000);
}

TEST(TokenCost, RoundsOnceAndToEven) {
  // 27.5 billionths a token: GPT-5 mini, cached, data zone.
  const Quote quote = quoted({.input = 275'000'000, .cached_input = 27'500'000, .output = 500'000});
  const auto amount = [&](TokenSplit tokens) { return token_cost(tokens, quote).amount.value; };
  EXPECT_EQ(amount({.cached = 1}), 28);
  EXPECT_EQ(amount({.cached = 3}), 82);
  EXPECT_EQ(amount({.output = 1}), 0);
  EXPECT_EQ(amount({.output = 3}), 2);
  EXPECT_EQ(amount({.cached = 1, .output = 1}), 28) << "27.5 + 0.5, not 28 + 0";
}

TEST(TokenCost, StaysAtTheEndOf64Bits) {
  const std::int64_t most = INT64_MAX;
  const Quote quote = quoted({.input = 1'000'000'000'000'000, .output = 1'000'000'000'000'000});
  EXPECT_EQ(token_cost({.input = most, .output = most}, quote).amount.value, most);
  TokenSplit sum{.input = most};
  sum += TokenSplit{.input = 5, .output = 7};
  EXPECT_EQ(sum.input, most);
  EXPECT_EQ(sum.all(), most);
}

TEST(TokenCost, IsUnknownWithoutARateThatIsNeeded) {
  const Quote text_only = quoted({.input = 10, .output = 20});
  EXPECT_EQ(token_cost({.input = 1, .audio_input = 1}, text_only).reason, Reason::no_rate);
  EXPECT_FALSE(token_cost({.input = 1, .audio_output = 1}, text_only).known());
  const Quote embedding = quoted({.input = 10});
  EXPECT_TRUE(token_cost({.input = 1}, embedding).known());
  EXPECT_EQ(token_cost({.output = 1}, embedding).reason, Reason::no_rate);
  const Quote no_discount = quoted({.input = 1'000'000, .output = 1});
  EXPECT_EQ(token_cost({.cached = 3, .cache_write = 4}, no_discount).amount.value, 7);
}

TEST(Provisioned, ADayCostsItsShareOfTheMonth) {
  const UnixNanos later = *parse_rfc3339("2027-06-01T00:00:00Z");
  const auto day = [](std::string_view text) { return day_of(*parse_rfc3339(text)); };
  model::DeploymentMapping mapping{.type = model::DeploymentType::provisioned,
                                   .monthly_nano_usd = 3'000};
  EXPECT_EQ(provisioned_day(mapping, day("2026-11-10T00:00:00Z"), later).value, 100);
  EXPECT_EQ(provisioned_day(mapping, day("2027-02-10T00:00:00Z"), later).value, 107);
  const UnixNanos noon = *parse_rfc3339("2026-11-10T12:00:00Z");
  EXPECT_EQ(provisioned_day(mapping, day_of(noon), noon).value, 50) << "half of it is over";
  EXPECT_EQ(provisioned_day(mapping, day_of(noon) + 1, noon).value, 0) << "it has not begun";
  mapping.validity.from = noon;
  EXPECT_EQ(provisioned_day(mapping, day_of(noon), later).value, 50);
  EXPECT_EQ(provisioned_day(mapping, day_of(noon) - 1, later).value, 0);
}

TEST(Provisioned, TheTokensOfADayShareItsCost) {
  EXPECT_EQ(provisioned_share({100}, 25, 100).amount.value, 25);
  EXPECT_EQ(provisioned_share({100}, 25, 100).kind, Kind::ptu_estimate);
  EXPECT_EQ(provisioned_share({100}, 0, 100).amount.value, 0);
  EXPECT_EQ(provisioned_share({100}, 5, 0).reason, Reason::ptu_not_measured);
  EXPECT_EQ(provisioned_share({100}, 200, 100).amount.value, 100) << "spans that came since";
  EXPECT_EQ(provisioned_share({1'000'000'000'000'000}, INT64_MAX, INT64_MAX).amount.value,
            1'000'000'000'000'000);
}

TEST(Days, BeginAtMidnightUtc) {
  EXPECT_EQ(day_of({0}), 0);
  EXPECT_EQ(day_of({-1}), -1);
  EXPECT_EQ(day_of({kNanosPerDay - 1}), 0);
  EXPECT_EQ(day_of({kNanosPerDay}), 1);
}

}  // namespace
}  // namespace catalejo::cost
