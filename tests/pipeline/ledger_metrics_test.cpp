// The loss ledger as metrics: only what happened, by what became of it.
#include "pipeline/ledger_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace catalejo::pipeline {
namespace {

using testing::UnorderedElementsAre;

std::vector<std::string> shown(const std::vector<model::MetricPoint>& points) {
  std::vector<std::string> lines;
  for (const model::MetricPoint& point : points) {
    EXPECT_EQ(point.kind, model::MetricKind::count);
    EXPECT_EQ(point.time.value, 5);
    std::string line = point.name;
    for (const std::string& tag : point.tags) line += " " + tag;
    lines.push_back(line + " " + std::to_string(static_cast<int>(point.value)));
  }
  return lines;
}

TEST(LedgerMetrics, AreWhatHappenedSince) {
  LedgerState before, after;
  before.spans = {.received = 10, .stored = 8, .rejected = {{"too_old", 2}}};
  after.spans = {.received = 15, .stored = 11, .rejected = {{"too_old", 2}, {"no_id", 2}}};
  after.evaluations = {.received = 1, .duplicate = 1};
  after.requests_rejected = {{"malformed", 3}};
  EXPECT_THAT(shown(points_between(before, after, {5})),
              UnorderedElementsAre("catalejo.spans.received 5", "catalejo.spans outcome:stored 3",
                                   "catalejo.spans outcome:rejected reason:no_id 2",
                                   "catalejo.evaluations.received 1",
                                   "catalejo.evaluations outcome:duplicate 1",
                                   "catalejo.requests.rejected reason:malformed 3"));
}

TEST(LedgerMetrics, AreNothingWhenNothingHappened) {
  LedgerState state;
  state.points = {.received = 4, .stored = 4};
  EXPECT_TRUE(points_between(state, state, {5}).empty());
  // Points of its own that were not kept after all make no negative count.
  LedgerState expected = state;
  expected.points.stored += 3;
  EXPECT_TRUE(points_between(expected, state, {5}).empty());
}

TEST(LedgerMetrics, AreGivenOnceAMinuteAndAtTheEnd) {
  constexpr auto after = [](std::int64_t seconds) { return UnixNanos{seconds * kNanosPerSecond}; };
  model::Ledger ledger;
  LedgerMetrics metrics(after(0));
  model::Batch batch;
  batch.spans_received = 2;
  batch.spans_rejected = {{"no_id", 2}};
  ledger.receive(batch);
  EXPECT_TRUE(metrics.due(ledger, after(59), false).empty());
  EXPECT_EQ(metrics.due(ledger, after(60), false).size(), 2u);
  EXPECT_TRUE(metrics.due(ledger, after(120), false).empty()) << "nothing happened since";
  ledger.receive(batch);
  EXPECT_EQ(metrics.due(ledger, after(121), true).size(), 2u);
}

}  // namespace
}  // namespace catalejo::pipeline
