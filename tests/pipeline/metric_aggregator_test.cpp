#include "pipeline/metric_aggregator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

namespace catalejo::pipeline {
namespace {

using model::MetricKind;
using model::MetricPoint;

constexpr std::int64_t kStart = 1'700'000'000;  // a whole ten seconds

UnixNanos at(std::int64_t second) {
  return {(kStart + second) * kNanosPerSecond};
}

struct Metrics {
  MetricAggregator aggregator{3};
  std::map<std::string, std::uint64_t, std::less<>> over_limit = {};

  // As an intake does: what these bytes mean is said when it is not known.
  void add(std::string_view name, Measure measure, const MetricValue& value,
           std::string_view tag = {}, std::int64_t second = 0) {
    const Hash128 alike = hash128(tag, hash128(name, static_cast<std::uint64_t>(measure)).low);
    if (aggregator.add_alike(alike, value, at(second))) return;
    const std::array<std::string, 1> tags{std::string(tag)};
    aggregator.add(alike,
                   {.name = name,
                    .measure = measure,
                    .host = "h",
                    .tags = std::span(tags).first(tag.empty() ? 0 : 1)},
                   value, at(second));
  }
  void add(std::string_view name, Measure measure, double number, std::string_view tag = {},
           std::int64_t second = 0, double weight = 1) {
    add(name, measure, MetricValue{.number = number, .weight = weight}, tag, second);
  }

  // By time and name, then tags.
  std::vector<MetricPoint> take(std::int64_t second = 10) {
    std::vector<MetricPoint> points;
    while (std::optional<MetricInterval> interval = aggregator.take(at(second))) {
      over_limit = interval->over_limit;
      for (MetricPoint& point : points_of(*std::move(interval))) points.push_back(std::move(point));
    }
    std::ranges::sort(points, [](const MetricPoint& a, const MetricPoint& b) {
      return std::tie(a.time.value, a.name, a.tags) < std::tie(b.time.value, b.name, b.tags);
    });
    return points;
  }
};

TEST(MetricAggregator, TenSecondsAreOnePoint) {
  Metrics metrics;
  metrics.add("hits", Measure::count, 1);
  metrics.add("hits", Measure::count, 2, {}, 9, 10);
  metrics.add("hits", Measure::count, 5, {}, 10);
  metrics.add("load", Measure::gauge, 7, {}, 1);
  metrics.add("load", Measure::gauge, 3, {}, 2);
  EXPECT_TRUE(metrics.take(9).empty());
  const std::vector<MetricPoint> points = metrics.take();
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].name, "hits");
  EXPECT_EQ(points[0].kind, MetricKind::count);
  EXPECT_EQ(points[0].value, 21);
  EXPECT_EQ(points[0].time, at(0));
  EXPECT_EQ(points[0].interval_s, 10U);
  EXPECT_EQ(points[0].host, "h");
  EXPECT_EQ(points[1].kind, MetricKind::gauge);
  EXPECT_EQ(points[1].value, 3);
  const std::vector<MetricPoint> later = metrics.take(20);
  ASSERT_EQ(later.size(), 1U);
  EXPECT_EQ(later[0].value, 5);
  EXPECT_TRUE(metrics.take(1'000).empty());
}

TEST(MetricAggregator, TagsAreSeriesOfTheirOwn) {
  Metrics metrics;
  metrics.add("hits", Measure::count, 1, "env:a");
  metrics.add("hits", Measure::count, 2, "env:b");
  metrics.add("hits", Measure::count, 4, "env:a");
  const std::vector<MetricPoint> points = metrics.take();
  ASSERT_EQ(points.size(), 2U);
  EXPECT_THAT(points[0].tags, testing::ElementsAre("env:a"));
  EXPECT_EQ(points[0].value, 5);
  EXPECT_EQ(points[1].value, 2);
}

TEST(MetricAggregator, AHistogramIsFiveMetrics) {
  Metrics metrics;
  for (int i = 1; i <= 100; ++i) metrics.add("took", Measure::histogram, i);
  const std::vector<MetricPoint> points = metrics.take();
  ASSERT_EQ(points.size(), 5U);
  EXPECT_EQ(points[0].name, "took.95percentile");
  EXPECT_NEAR(points[0].value, 95, 1);
  EXPECT_EQ(points[1].name, "took.avg");
  EXPECT_DOUBLE_EQ(points[1].value, 50.5);
  EXPECT_EQ(points[2].name, "took.count");
  EXPECT_EQ(points[2].kind, MetricKind::count);
  EXPECT_EQ(points[2].value, 100);
  EXPECT_EQ(points[3].name, "took.max");
  EXPECT_EQ(points[3].value, 100);
  EXPECT_EQ(points[4].name, "took.median");
  EXPECT_NEAR(points[4].value, 50, 1);
}

TEST(MetricAggregator, ASetCountsItsMembersAndADistributionKeepsAll) {
  Metrics metrics;
  for (const std::string_view user : {"ana", "luis", "ana"})
    metrics.add("users", Measure::set, MetricValue{.member = user});
  metrics.add("tokens", Measure::distribution, 10, {}, 0, 4);
  metrics.add("tokens", Measure::distribution, 1'000);
  const std::vector<MetricPoint> points = metrics.take();
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].kind, MetricKind::distribution);
  EXPECT_EQ(points[0].sketch.count(), 5);
  EXPECT_EQ(points[0].sketch.max(), 1'000);
  EXPECT_EQ(points[1].kind, MetricKind::gauge);
  EXPECT_EQ(points[1].value, 2);
}

TEST(MetricAggregator, TooManyTagsOfOneMetricDoNotTakeTheOthersPlaceAndSumsStayRight) {
  Metrics metrics;
  for (const std::string_view tag : {"id:1", "id:2", "id:3", "id:4", "id:5", "id:1"})
    metrics.add("hits", Measure::count, 1, tag);
  metrics.add("other", Measure::count, 1, "id:1");
  const std::vector<MetricPoint> points = metrics.take();
  ASSERT_EQ(points.size(), 5U);
  EXPECT_THAT(points[0].tags, testing::ElementsAre("catalejo_overflow:true"));
  EXPECT_EQ(points[0].value, 2);
  EXPECT_EQ(points[1].value, 2);
  EXPECT_THAT(metrics.over_limit, testing::ElementsAre(testing::Pair("hits", 2U)));
}

TEST(MetricAggregator, WhatComesWhenAllSeriesAreTakenHasNoPlaceOrThatOfItsMetric) {
  MetricAggregator metrics(10, 2);
  const std::vector<std::string> tags[] = {{"id:1"}, {"id:2"}, {"id:3"}};
  const auto add = [&](std::uint64_t alike, std::string_view name, std::string_view host,
                       const std::vector<std::string>& of) {
    const MetricLabels labels{.name = name, .host = host, .tags = of};
    return metrics.add({alike, alike}, labels, {.number = 1}, at(0));
  };
  EXPECT_TRUE(add(1, "hits", "a", tags[0]));
  EXPECT_TRUE(add(2, "hits", "a", tags[1]));
  EXPECT_TRUE(add(3, "hits", "b", tags[2]));
  EXPECT_TRUE(add(4, "hits", "c", tags[2]));
  EXPECT_FALSE(add(5, "other", "a", tags[0]));
  auto interval = metrics.take(at(1'000));
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->series.size(), 3U) << "two, and one of what is too much";
  EXPECT_THAT(interval->over_limit, testing::ElementsAre(testing::Pair("hits", 2U)));
}

}  // namespace
}  // namespace catalejo::pipeline
