#include "pipeline/metric_points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/limits.hpp"
#include "pipeline/metric_names.hpp"
#include "pipeline/series_limit.hpp"

namespace catalejo::pipeline {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr UnixNanos kNow{1'800'000'000'000'000'000};

model::MetricPoint point(std::string name, std::vector<std::string> tags = {}) {
  return {.name = std::move(name), .tags = std::move(tags), .time = kNow, .value = 1};
}

TEST(MetricNames, AreAsDatadogKeepsThem) {
  EXPECT_EQ(normal_metric_name("azure.openai.Tokens_2"), "azure.openai.Tokens_2");
  EXPECT_EQ(normal_metric_name("9 lives.left-over/total"), "lives.left_over_total");
  EXPECT_EQ(normal_metric_name("12 34"), "");
  EXPECT_EQ(normal_metric_name(std::string(500, 'x')).size(), limits::metric_name_bytes_max);
  EXPECT_EQ(normal_metric_tag(" Env:Pre Prod "), "env:pre_prod");
  EXPECT_EQ(normal_metric_tag("región:España"), "región:españa");
  EXPECT_EQ(normal_metric_tag("url:https://a/b?c=d"), "url:https://a/b_c_d");
  const std::string cut = normal_metric_tag("k:" + std::string(197, 'a') + "é");
  EXPECT_EQ(cut.size(), 199u);  // not in the middle of a character
}

TEST(MetricPoints, TagsAreInOrderEachOnceAndNotTooMany) {
  std::vector<std::string> tags{"b", "a", "", "b"};
  EXPECT_EQ(put_in_order(tags), 0u);
  EXPECT_THAT(tags, ElementsAre("a", "b"));
  for (int i = 0; i < 200; ++i) tags.push_back("t:" + std::to_string(i));
  EXPECT_EQ(put_in_order(tags), 102u);
  EXPECT_EQ(tags.size(), limits::tags_per_metric_max);
}

TEST(MetricPoints, WhatNobodyCanAskForIsRefusedByReason) {
  model::Batch batch;
  batch.points = {point("ok"),  point("1"),   point("nan"),  point("inf"),
                  point("old"), point("new"), point("empty")};
  batch.points[2].value = std::nan("");
  batch.points[3].value = std::numeric_limits<double>::infinity();
  batch.points[4].time = {kNow.value - 31 * kNanosPerDay};
  batch.points[5].time = {kNow.value + 2 * kNanosPerDay};
  batch.points[6].kind = model::MetricKind::distribution;
  normalise_points(batch, {.received = kNow, .oldest = {kNow.value - 30 * kNanosPerDay}});
  ASSERT_EQ(batch.points.size(), 1u);
  EXPECT_EQ(batch.points[0].name, "ok");
  EXPECT_THAT(batch.points_rejected,
              ElementsAre(Pair("empty_sketch", 1), Pair("in_the_future", 1), Pair("no_name", 1),
                          Pair("not_a_number", 2), Pair("older_than_retention", 1)));
}

TEST(SeriesLimit, AMetricOfTooManySeriesKeepsThoseItHasAndIsNamed) {
  Counters counters;
  SeriesLimit limit(2, counters);
  model::Batch batch;
  batch.points = {point("hits", {"id:1"}), point("hits", {"id:2"}), point("hits", {"id:3"}),
                  point("hits", {"id:1"}), point("other", {"id:3"})};
  limit.apply(batch, kNow);
  EXPECT_EQ(batch.points.size(), 4u);
  EXPECT_THAT(batch.points_rejected, ElementsAre(Pair("too_many_series", 1)));
  EXPECT_EQ(counters.counter("catalejo_metric_points_over_limit_total", "metric=\"hits\"").value(),
            1u);
  batch.points = {point("hits", {"id:3"})};
  limit.apply(batch, {kNow.value + 3'600 * kNanosPerSecond});  // an hour later
  EXPECT_EQ(batch.points.size(), 1u);
}

TEST(SeriesLimit, WhatIsBeyondTheLimitAlreadyHasItsPlace) {
  Counters counters;
  SeriesLimit limit(1, counters);
  model::Batch batch;
  // In any order.
  const std::string overflow(kOverflowTag);
  batch.points = {point("hits", {overflow}), point("hits", {"id:1"}), point("hits", {"id:2"}),
                  point("calls", {"id:1"}), point("calls", {overflow})};
  limit.apply(batch, kNow);
  EXPECT_EQ(batch.points.size(), 4u);
  // Nobody gets around the limit by its name: a host makes another series of it.
  batch.points = {point("hits", {overflow})};
  batch.points[0].host = "a";
  limit.apply(batch, kNow);
  EXPECT_TRUE(batch.points.empty());
}

}  // namespace
}  // namespace catalejo::pipeline
