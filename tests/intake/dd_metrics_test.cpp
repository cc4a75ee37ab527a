// Metrics over HTTP: what bodies of API clients and Agents mean.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/dd_metrics/payloads.hpp"
#include "intake/dd_metrics/series.hpp"
#include "support/protobuf.hpp"

namespace catalejo::intake::dd_metrics {
namespace {

using model::MetricKind;
using namespace protobuf;
using testing::ElementsAre;
using testing::Pair;

TEST(Series, V1IsReadAsTheApiSaysIt) {
  const auto batch = parse_series_v1(
      R"({"series":[{"metric":"a.b","points":[[1700000000,1.5],[1700000010.9,2]],"type":"count",)"
      R"("interval":10,"host":"h","tags":["env:prod"],"device":"sda"},)"
      R"({"metric":"g","points":[[1700000000,-3]]},{"metric":"r","type":"rate",)"
      R"("points":[[1700000000,3]]}]})");
  ASSERT_TRUE(batch) << to_string(batch.error());
  ASSERT_EQ(batch->points.size(), 4u);
  EXPECT_EQ(batch->points_received, 4u);
  const model::MetricPoint& first = batch->points[0];
  EXPECT_EQ(first.name, "a.b");
  EXPECT_EQ(first.host, "h");
  EXPECT_THAT(first.tags, testing::UnorderedElementsAre("env:prod", "device:sda"));
  EXPECT_EQ(first.kind, MetricKind::count);
  EXPECT_EQ(first.interval_s, 10u);
  EXPECT_EQ(first.value, 1.5);
  EXPECT_EQ(first.time.value, 1'700'000'000 * kNanosPerSecond);
  EXPECT_TRUE(first.repeatable);
  EXPECT_EQ(batch->points[1].time.value, 1'700'000'010 * kNanosPerSecond);
  EXPECT_EQ(batch->points[2].kind, MetricKind::gauge);
  EXPECT_EQ(batch->points[3].kind, MetricKind::rate);
}

TEST(Series, V2IsReadAsTheApiSaysIt) {
  const auto batch = parse_series_v2(
      R"({"series":[{"metric":"m","type":1,"interval":20,"points":[{"timestamp":1700000000,)"
      R"("value":7}],"resources":[{"type":"host","name":"h"},{"type":"device","name":"d"}],)"
      R"("tags":["a:b"]}]})");
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->points.size(), 1u);
  EXPECT_EQ(batch->points[0].host, "h");
  EXPECT_THAT(batch->points[0].tags, testing::UnorderedElementsAre("a:b", "device:d"));
  EXPECT_EQ(batch->points[0].kind, MetricKind::count);
  EXPECT_EQ(batch->points[0].value, 7);
}

TEST(Series, PointsOfDistributionsAreSketches) {
  const auto batch = parse_distribution_points(
      R"({"series":[{"metric":"d","points":[[1700000000,[1,2,2]],[1700000010,[]]]}]})");
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->points.size(), 2u);  // the pipeline refuses the empty one
  EXPECT_EQ(batch->points[0].kind, MetricKind::distribution);
  EXPECT_EQ(batch->points[0].sketch.count(), 3);
  EXPECT_EQ(batch->points[0].sketch.sum(), 5);
}

TEST(Series, ABadPointIsRefusedAlone) {
  const auto batch = parse_series_v1(
      R"({"series":[{"metric":"m","points":[[1,"x"],[1],7,[1e300,1],[1700000000,1]]},)"
      R"({"metric":"n"},"text"]})");
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->points.size(), 1u);
  EXPECT_THAT(batch->points_rejected,
              ElementsAre(Pair("bad_point", 4), Pair("no_points", 1), Pair("wrong_type", 1)));
  EXPECT_EQ(batch->points_received, 7u);
  for (const char* bad : {"", "[]", "{}", R"({"series":7})", R"({"series":[)"})
    EXPECT_FALSE(parse_series_v1(bad)) << bad;
}

TEST(Payloads, AMetricPayloadIsReadWhateverTheOrderOfItsFields) {
  const std::string series = bytes(4, number(1, 2.5) + integer(2, 1'700'000'000)) +
                             bytes(9, "metadata of no concern") +
                             bytes(1, bytes(1, "host") + bytes(2, "h")) + bytes(2, "m") +
                             bytes(3, "a:b") + integer(5, 2) + integer(8, 15);
  const auto batch = parse_metric_payload(bytes(1, series) + bytes(1, bytes(2, "none")));
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->points.size(), 1u);
  const model::MetricPoint& point = batch->points[0];
  EXPECT_EQ(point.name, "m");
  EXPECT_EQ(point.host, "h");
  EXPECT_THAT(point.tags, ElementsAre("a:b"));
  EXPECT_EQ(point.kind, MetricKind::rate);
  EXPECT_EQ(point.interval_s, 15u);
  EXPECT_EQ(point.value, 2.5);
  EXPECT_THAT(batch->points_rejected, ElementsAre(Pair("no_points", 1)));
}

TEST(Payloads, ASketchOfTheAgentIsKeptBinByBin) {
  const auto zigzag = [](std::int64_t value) {
    return varint(static_cast<std::uint64_t>(value << 1 ^ value >> 63));
  };
  const auto key = model::DDSketch::key_of(100);
  const std::string sketch = integer(1, 1'700'000'000) + integer(2, 5) + number(3, -100) +
                             number(4, 100) + number(5, 20) + number(6, 100) +
                             bytes(7, zigzag(-key) + zigzag(key)) + bytes(8, varint(2) + varint(3));
  const auto batch = parse_sketch_payload(
      bytes(1, bytes(1, "lat") + bytes(2, "h") + bytes(4, "a:b") + bytes(7, sketch)));
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->points.size(), 1u);
  const model::DDSketch& kept = batch->points[0].sketch;
  EXPECT_EQ(kept.count(), 5);
  EXPECT_EQ(kept.sum(), 100);
  EXPECT_EQ(kept.min(), -100);
  EXPECT_THAT(kept.bins(), ElementsAre(model::DDSketch::Bin{static_cast<std::int16_t>(-key), 2},
                                       model::DDSketch::Bin{key, 3}));
  EXPECT_NEAR(kept.quantile(1), 100, 1);
}

TEST(Payloads, WhatIsCutShortOrNoSketchIsRefused) {
  const std::string good = bytes(1, bytes(2, "m") + bytes(4, number(1, 1) + integer(2, 5)));
  for (std::size_t size = 1; size < good.size(); ++size)
    EXPECT_FALSE(parse_metric_payload(good.substr(0, size))) << size;
  EXPECT_FALSE(parse_metric_payload("{\"series\":[]}"));
  const std::string uneven =
      integer(1, 5) + integer(2, 5) + bytes(7, varint(2) + varint(4)) + bytes(8, varint(2));
  const auto batch = parse_sketch_payload(bytes(1, bytes(1, "d") + bytes(7, uneven)));
  ASSERT_TRUE(batch);
  EXPECT_THAT(batch->points_rejected, ElementsAre(Pair("bad_sketch", 1)));
}

}  // namespace
}  // namespace catalejo::intake::dd_metrics
