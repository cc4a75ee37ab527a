// Made data with known regressions: they are found, named narrowly and once; unchanged data is
// quiet at the rate that is promised.
#include "insight/changes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace catalejo::insight {
namespace {

struct Traffic {
  int calls = 300;
  double seconds = 1.2, spread = 0.5, failing = 0.01, tokens = 500, nano_usd = 2'000'000;
  int slow_slices = 0;  // of the last ones, taking four times as long
};

void fill(Figures& figures, const Traffic& traffic, std::mt19937_64& random) {
  std::lognormal_distribution<double> duration(std::log(traffic.seconds * 1e9), traffic.spread);
  std::gamma_distribution<double> tokens(4, traffic.tokens / 4);
  std::uniform_real_distribution<double> chance(0, 1);
  for (int i = 0; i < traffic.calls; ++i) {
    const std::size_t slice = static_cast<std::size_t>(i) * kSlices / traffic.calls;
    Sums call;
    call.calls = 1;
    if (chance(random) < traffic.failing) {
      call.failed = 1;
    } else {
      double took = duration(random);
      if (slice >= kSlices - static_cast<std::size_t>(traffic.slow_slices)) took *= 4;
      const auto bucket = Histogram::bucket_of(static_cast<std::int64_t>(took));
      figures.durations.add(bucket, 1);
      call.answered = call.counted = call.priced = 1;
      call.log_duration = std::log2(took);
      call.tokens = tokens(random);
      call.token_squares = call.tokens * call.tokens;
      call.nano_usd = traffic.nano_usd * call.tokens / traffic.tokens;
    }
    figures.sums.add(call);
    figures.slices[slice].add(call);
  }
}

Cell cell(Where where, const Traffic& before, const Traffic& now, std::mt19937_64& random) {
  Cell made{.where = std::move(where)};
  fill(made.before, before, random);
  fill(made.now, now, random);
  return made;
}

const Where kChatWeu{"chat-api", "gpt-4o", "gpt4o-weu"};
const Where kChatSwc{"chat-api", "gpt-4o", "gpt4o-swc"};
const Where kBot{"bot", "gpt-4o-mini", "mini-weu", "support@2"};

std::vector<Cell> traffic(const Traffic& weu, std::mt19937_64& random) {
  return {cell(kChatWeu, {}, weu, random), cell(kChatSwc, {}, {}, random),
          cell(kBot, {.calls = 800, .seconds = 0.4}, {.calls = 700, .seconds = 0.4}, random)};
}

std::string& at(Where& where, Dim dim) {
  return where[static_cast<std::size_t>(dim)];
}

TEST(Changes, ASlowDeploymentIsNamedOnceAndNarrowly) {
  std::mt19937_64 random(1);
  Changes changes = find_changes(traffic({.seconds = 4.8}, random), {});
  ASSERT_EQ(changes.found.size(), 1u);
  Change& change = changes.found[0];
  EXPECT_EQ(change.metric, Metric::latency);
  EXPECT_TRUE(change.worse);
  EXPECT_EQ(at(change.where, Dim::deployment), "gpt4o-weu");
  EXPECT_EQ(at(change.where, Dim::ml_app), "chat-api");
  EXPECT_NEAR(change.value_now / change.value_before, 4, 0.8);
}

TEST(Changes, AnIncidentOfTheLastTwelfthIsSeenInTheSlowEnd) {
  std::mt19937_64 random(2);
  Changes changes = find_changes(
      {cell(kChatWeu, {.calls = 1200}, {.calls = 1200, .slow_slices = 2}, random)}, {});
  ASSERT_EQ(changes.found.size(), 1u);
  EXPECT_EQ(changes.found[0].quantile, 0.95);
}

TEST(Changes, ErrorsTokensAndCostAreFoundEachByItsOwn) {
  std::mt19937_64 random(3);
  const Traffic broken{.failing = 0.12};
  const Traffic wordy{.tokens = 900};
  const Traffic dear{.nano_usd = 6'000'000};
  EXPECT_EQ(find_changes(traffic(broken, random), {}).found.at(0).metric, Metric::errors);
  EXPECT_EQ(find_changes(traffic(wordy, random), {}).found.at(0).metric, Metric::tokens);
  const Changes costs = find_changes(traffic(dear, random), {});
  ASSERT_EQ(costs.found.size(), 1u);
  EXPECT_EQ(costs.found[0].metric, Metric::cost);
}

TEST(Changes, WhatHappensToAllOfAnApplicationIsToldOfTheApplication) {
  std::mt19937_64 random(4);
  std::vector<Cell> cells = {cell(kChatWeu, {}, {.seconds = 3.6}, random),
                             cell(kChatSwc, {}, {.seconds = 3.6}, random),
                             cell(kBot, {}, {}, random)};
  Changes changes = find_changes(cells, {});
  ASSERT_EQ(changes.found.size(), 1u);
  EXPECT_EQ(at(changes.found[0].where, Dim::ml_app), "chat-api");
  EXPECT_EQ(at(changes.found[0].where, Dim::deployment), "");
}

TEST(Changes, FailingEvaluationsAreToldByTheirLabel) {
  std::mt19937_64 random(5);
  Where judged = kBot;
  at(judged, Dim::label) = "helpfulness";
  Where other = kBot;
  at(other, Dim::label) = "tone";
  std::vector<Cell> evaluations = {cell(judged, {.failing = 0.05}, {.failing = 0.3}, random),
                                   cell(other, {.failing = 0.05}, {.failing = 0.05}, random)};
  Changes changes = find_changes({}, evaluations);
  ASSERT_EQ(changes.found.size(), 1u);
  EXPECT_EQ(changes.found[0].metric, Metric::evaluations);
  EXPECT_EQ(at(changes.found[0].where, Dim::label), "helpfulness");
}

TEST(Changes, ANewDeploymentIsNoSlowOne) {
  std::mt19937_64 random(6);
  std::vector<Cell> cells = traffic({}, random);
  cells.push_back(cell({"chat-api", "gpt-5", "gpt5"}, {.calls = 0}, {.calls = 90}, random));
  Changes changes = find_changes(cells, {});
  ASSERT_EQ(changes.found.size(), 2u);  // the model and its deployment
  EXPECT_EQ(changes.found[0].metric, Metric::appeared);
}

// Six groups, bursts of failures and slow hours in both periods alike: nothing changed.
TEST(Changes, UnchangedDataIsQuiet) {
  std::mt19937_64 random(7);
  constexpr int kPages = 400;
  int alarmed = 0;
  for (int page = 0; page < kPages; ++page) {
    std::vector<Cell> cells;
    for (int i = 0; i < 6; ++i) {
      const Traffic same{.calls = 60 + 120 * i, .seconds = 0.3 * (i + 1), .failing = 0.02 * i};
      cells.push_back(cell({"app-" + std::to_string(i % 2), "model-" + std::to_string(i % 3),
                            "deployment-" + std::to_string(i)},
                           same, same, random));
    }
    if (!find_changes(cells, {}).found.empty()) ++alarmed;
  }
  EXPECT_LE(alarmed, kPages * 2 * kFalseAlarms) << "of " << kPages;
}

TEST(Changes, ABaselineThatVariesByItselfIsNoNews) {
  std::mt19937_64 random(8);
  // Two slow slices of twelve in the period before, three in this one.
  const Changes changes = find_changes(
      {cell(kChatWeu, {.calls = 600, .slow_slices = 3}, {.calls = 600, .slow_slices = 4}, random)},
      {});
  EXPECT_TRUE(changes.found.empty());
}

TEST(Changes, NothingBeforeIsNothingToCompare) {
  std::mt19937_64 random(9);
  EXPECT_TRUE(find_changes({cell(kBot, {.calls = 0}, {}, random)}, {}).found.empty());
  EXPECT_TRUE(find_changes({}, {}).found.empty());
}

TEST(Histogram, QuantilesAreThoseOfTheValuesWithinABucket) {
  Histogram histogram;
  for (int i = 1; i <= 1000; ++i) histogram.add(Histogram::bucket_of(i * 1'000'000), 1);
  EXPECT_NEAR(histogram.quantile(0.5) / 5e8, 1, 0.045);
  EXPECT_NEAR(histogram.quantile(0.95) / 9.5e8, 1, 0.045);
  EXPECT_EQ(Histogram().quantile(0.5), 0);
}

}  // namespace
}  // namespace catalejo::insight
