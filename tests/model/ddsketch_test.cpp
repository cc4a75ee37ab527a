#include "model/ddsketch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "base/limits.hpp"

namespace catalejo::model {
namespace {

constexpr double kRelativeError = 1.0 / 128;

DDSketch sketch_of(const std::vector<double>& values) {
  DDSketch sketch;
  for (const double value : values) EXPECT_TRUE(sketch.add(value));
  return sketch;
}

void expect_quantiles(const DDSketch& sketch, std::vector<double> values) {
  std::ranges::sort(values);
  for (const double q : {0.0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(q * static_cast<double>(values.size() - 1));
    const double exact = values[rank];
    EXPECT_NEAR(sketch.quantile(q), exact, std::abs(exact) * kRelativeError + 1e-9) << q;
  }
}

// Keys that the Datadog Agent gives to these values.
TEST(DDSketch, HasTheBinsOfTheAgent) {
  EXPECT_EQ(DDSketch::key_of(0), 0);
  EXPECT_EQ(DDSketch::key_of(1), 1338);
  EXPECT_EQ(DDSketch::key_of(-1), -1338);
  EXPECT_EQ(DDSketch::key_of(1.015625), 1339);
  EXPECT_EQ(DDSketch::key_of(1e-9), 1);
  EXPECT_EQ(DDSketch::key_of(1e-10), 0);
  EXPECT_EQ(DDSketch::key_of(std::numeric_limits<double>::max()), 32767);
  EXPECT_EQ(DDSketch::key_of(std::numeric_limits<double>::lowest()), -32767);
  EXPECT_DOUBLE_EQ(DDSketch::value_of(1338), 1);
  EXPECT_DOUBLE_EQ(DDSketch::value_of(-1338), -1);
}

TEST(DDSketch, IsNoMoreOffThanItSays) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> latencies(5, 2);
  std::normal_distribution<double> both_signs(0, 1'000);
  std::vector<double> first, second;
  for (int i = 0; i < 20'000; ++i) {
    first.push_back(latencies(random));
    second.push_back(both_signs(random));
  }
  expect_quantiles(sketch_of(first), first);
  expect_quantiles(sketch_of(second), second);
}

TEST(DDSketch, MergesAsIfAllHadBeenAddedToOne) {
  std::mt19937_64 random(8);
  std::exponential_distribution<double> values(0.01);
  std::vector<double> all;
  DDSketch merged;
  for (int part = 0; part < 10; ++part) {
    std::vector<double> some;
    for (int i = 0; i < 500; ++i) some.push_back(values(random) * (part + 1));
    all.insert(all.end(), some.begin(), some.end());
    merged.merge(sketch_of(some));
  }
  const DDSketch whole = sketch_of(all);
  EXPECT_EQ(merged.bins(), whole.bins());
  EXPECT_EQ(merged.count(), whole.count());
  EXPECT_EQ(merged.min(), whole.min());
  EXPECT_EQ(merged.max(), whole.max());
  EXPECT_NEAR(merged.sum(), whole.sum(), whole.sum() * 1e-12);
}

TEST(DDSketch, AnEmptyOneAndWhatItDoesNotTake) {
  DDSketch sketch;
  EXPECT_EQ(sketch.quantile(0.5), 0);
  EXPECT_EQ(sketch.average(), 0);
  EXPECT_FALSE(sketch.add(std::nan("")));
  EXPECT_FALSE(sketch.add(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(sketch.add(1, 0));
  EXPECT_FALSE(sketch.add(1, -1));
  EXPECT_FALSE(sketch.add(1, std::nan("")));
  EXPECT_TRUE(sketch.bins().empty());
  sketch.merge(DDSketch());
  EXPECT_EQ(sketch.count(), 0);
}

TEST(DDSketch, ASampledValueStandsForMore) {
  DDSketch sketch;
  EXPECT_TRUE(sketch.add(10, 9));
  EXPECT_TRUE(sketch.add(1'000));
  EXPECT_EQ(sketch.count(), 10);
  EXPECT_EQ(sketch.sum(), 1'090);
  EXPECT_NEAR(sketch.quantile(0.5), 10, 10 * kRelativeError);
  EXPECT_EQ(sketch.quantile(1), 1'000);
}

TEST(DDSketch, HasAsManyBinsAsItMay) {
  DDSketch sketch;
  for (int key = -6'000; key <= 6'000; ++key)
    sketch.add(DDSketch::value_of(static_cast<DDSketch::Key>(key)));
  EXPECT_EQ(sketch.bins().size(), limits::sketch_bins_max);
  EXPECT_EQ(sketch.count(), 12'001);
  double counted = 0;
  for (const DDSketch::Bin& bin : sketch.bins()) counted += bin.count;
  EXPECT_EQ(counted, 12'001);
  const double high = DDSketch::value_of(5'880);  // the highest bins are whole
  EXPECT_NEAR(sketch.quantile(0.99), high, high * 0.02);
}

}  // namespace
}  // namespace catalejo::model
