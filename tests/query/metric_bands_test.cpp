// anomalies(), forecast() and outliers(): on lines of which it is known what is usual.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "query/metrics/bands.hpp"
#include "query/metrics/functions.hpp"
#include "query/metrics/parser.hpp"
#include "query/metrics/plan.hpp"

namespace catalejo::query::metrics {
namespace {

using testing::HasSubstr;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kStep = 600;
constexpr std::size_t kDay = 144, kBefore = 6 * kDay, kShown = kDay;

// A wave a day around 100, with a little that is not random but looks so.
double wave(std::size_t place) {
  const double turn = 2 * std::numbers::pi * static_cast<double>(place % kDay) / kDay;
  const auto odd = static_cast<double>(place * 7'919 % 101) / 101 - 0.5;
  return 100 + 40 * std::sin(turn) + 4 * odd;
}

Lines waves(std::vector<std::string> tags = {}) {
  Lines lines{.grid = {.begin_s = 0, .step_s = kStep, .size = kBefore + kShown, .before = kBefore},
              .by = {},
              .lines = {}};
  Line line{.tags = std::move(tags), .values = {}};
  for (std::size_t i = 0; i < lines.grid.size; ++i) line.values.push_back(wave(i));
  lines.lines.push_back(line);
  return lines;
}

Result<Lines> made(const std::string& text, const Lines& lines) {
  const auto read = parse(text);
  if (const auto* wrong = std::get_if<Problem>(&read))
    return error_at(wrong->message, wrong->position);
  return evaluate(std::get<Query>(read).expressions.front(), {lines});
}

std::size_t outside(const Lines& lines) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < lines.grid.size; ++i) {
    const double value = lines.lines[0].values[i];
    count += value < lines.lines[1].values[i] || value > lines.lines[2].values[i] ? 1 : 0;
  }
  return count;
}

TEST(MetricBands, AFaultIsOutsideAndASeasonIsNot) {
  for (const char* method : {"agile", "robust"}) {
    const std::string query = fmt::format("anomalies(avg:a{{*}}, '{}', 3)", method);
    Lines lines = waves();
    auto quiet = made(query, lines);
    ASSERT_TRUE(quiet) << to_string(quiet.error());
    ASSERT_EQ(quiet->lines.size(), 3u);
    EXPECT_EQ(quiet->grid.size, kShown);
    EXPECT_EQ(quiet->grid.begin_s, static_cast<std::int64_t>(kBefore) * kStep);
    EXPECT_EQ(quiet->lines[1].role, Role::lower);
    EXPECT_EQ(quiet->lines[2].role, Role::upper);
    EXPECT_EQ(outside(*quiet), 0u) << method;
    // As high as noon, in the night: unusual only for the time of day.
    lines.lines[0].values[kBefore + 3 * kDay / 4] = 140;
    EXPECT_EQ(outside(*made(query, lines)), 1u) << method;
  }
}

TEST(MetricBands, AFaultOfThePastIsNotUsual) {
  Lines lines = waves();
  for (std::size_t i = kBefore - kDay + 20; i < kBefore - kDay + 26; ++i)
    lines.lines[0].values[i] = 500;
  lines.lines[0].values[kBefore + 22] = 500;
  EXPECT_GE(outside(*made("anomalies(avg:a{*}, 'robust', 3)", lines)), 1u);
}

TEST(MetricBands, ANewLevelIsUsualSoonForAgileAlone) {
  Lines lines = waves();
  for (std::size_t i = kBefore + 10; i < lines.grid.size; ++i) lines.lines[0].values[i] += 60;
  const std::size_t agile = outside(*made("anomalies(avg:a{*}, 'agile', 3)", lines));
  const std::size_t robust = outside(*made("anomalies(avg:a{*}, 'robust', 3)", lines));
  EXPECT_GE(agile, 1u);
  EXPECT_LE(agile, 12u);
  EXPECT_GE(robust, 60u);
}

TEST(MetricBands, BasicFollowsTheLastHours) {
  Lines lines = waves();
  for (std::size_t i = 0; i < lines.grid.size; ++i)
    lines.lines[0].values[i] = 50 + static_cast<double>(i * 7'919 % 11);
  EXPECT_EQ(outside(*made("anomalies(avg:a{*}, 'basic', 3)", lines)), 0u);
  lines.lines[0].values[kBefore + 50] = 90;
  EXPECT_EQ(outside(*made("anomalies(avg:a{*}, 'basic', 3)", lines)), 1u);
}

TEST(MetricBands, WithoutAPastThereIsNoBandAndNoFault) {
  Lines lines = waves();
  for (std::size_t i = 0; i + 3 < lines.grid.size; ++i) lines.lines[0].values[i] = kNone;
  for (const char* method : {"basic", "agile", "robust"}) {
    const auto got = made(fmt::format("anomalies(avg:a{{*}}, '{}', 2)", method), lines);
    ASSERT_TRUE(got);
    EXPECT_TRUE(std::isnan(got->lines[1].values.front()));
  }
  lines.lines.clear();
  EXPECT_TRUE(made("anomalies(avg:a{*}, 'agile', 2)", lines)->lines.empty());
  EXPECT_TRUE(made("forecast(avg:a{*}, 'linear', 2)", lines)->lines.empty());
}

TEST(MetricBands, ALineThatNeverMovedHasABandAroundIt) {
  Lines lines = waves();
  std::ranges::fill(lines.lines[0].values, 7);
  EXPECT_EQ(outside(*made("anomalies(avg:a{*}, 'robust', 2)", lines)), 0u);
  lines.lines[0].values.back() = 8;
  EXPECT_EQ(outside(*made("anomalies(avg:a{*}, 'robust', 2)", lines)), 1u);
}

TEST(MetricBands, AForecastGoesOnBehindTheLastValue) {
  Lines lines = waves();
  for (std::size_t i = 0; i < lines.grid.size; ++i)
    lines.lines[0].values[i] =
        i < kBefore ? 10 + 0.5 * static_cast<double>(i) + static_cast<double>(i * 7'919 % 5)
                    : kNone;
  lines.lines[0].values[kBefore - 30] = 9'000;
  const auto linear = made("forecast(avg:a{*}, 'linear', 2)", lines);
  ASSERT_TRUE(linear) << to_string(linear.error());
  ASSERT_EQ(linear->lines.size(), 4u);
  EXPECT_EQ(linear->lines[1].role, Role::forecast);
  const double expected = 12 + 0.5 * static_cast<double>(kBefore + kShown - 1);
  EXPECT_NEAR(linear->lines[1].values.back(), expected, 5);
  EXPECT_LT(linear->lines[2].values.back(), linear->lines[1].values.back());
  EXPECT_GT(linear->lines[3].values.back(), linear->lines[1].values.back());
  // Known already: not foretold.
  Lines half = waves();
  half.lines[0].values.resize(kBefore + kDay / 2);
  half.lines[0].values.resize(half.grid.size, kNone);
  const auto seasonal = made("forecast(avg:a{*}, 'seasonal', 2)", half);
  ASSERT_TRUE(seasonal);
  EXPECT_TRUE(std::isnan(seasonal->lines[1].values[kDay / 2 - 1]));
  for (std::size_t i = kDay / 2; i < kShown; ++i)
    EXPECT_NEAR(seasonal->lines[1].values[i], wave(kBefore + i), 8) << i;
}

TEST(MetricBands, TheLineUnlikeTheOthersIsToldByBothMethods) {
  Lines lines = waves({"n:0"});
  for (int i = 1; i < 6; ++i) {
    lines.lines.push_back(lines.lines[0]);
    lines.lines.back().tags = {fmt::format("n:{}", i)};
    for (double& value : lines.lines.back().values) value += i;
  }
  lines.grid.before = 0;
  for (double& value : lines.lines[4].values) value *= 1.8;
  for (const char* method : {"DBSCAN", "MAD"}) {
    const auto got = made(fmt::format("outliers(avg:a{{*}} by {{n}}, '{}', 3)", method), lines);
    ASSERT_TRUE(got);
    for (std::size_t i = 0; i < got->lines.size(); ++i)
      EXPECT_EQ(got->lines[i].outlier, i == 4) << method << " " << i;
  }
  // Its shape is that of the others.
  const auto scaled = made("outliers(avg:a{*} by {n}, 'scaledDBSCAN', 10)", lines);
  for (const Line& line : scaled->lines) EXPECT_FALSE(line.outlier);
  lines.lines.resize(2);
  const auto two = made("outliers(avg:a{*} by {n}, 'MAD', 3)", lines);
  for (const Line& line : two->lines) EXPECT_FALSE(line.outlier);
}

TEST(MetricBands, TheMetricIsAskedForItsPast) {
  const auto grid = [](const std::string& text) {
    const Query query = std::get<Query>(parse(text));
    return *grid_of(query.metrics[0], 1'700'000'000, 1'700'003'600);
  };
  EXPECT_EQ(grid("avg:a{*}").before, 0u);
  const Grid daily = grid("anomalies(avg:a{*}, 'agile', 2)");
  EXPECT_EQ(daily.before * static_cast<std::size_t>(daily.step_s), 6u * 86'400);
  EXPECT_EQ(daily.step_s, 120);
  const Grid weekly = grid("anomalies(avg:a{*}, 'robust', 2, seasonality='weekly', interval=3600)");
  EXPECT_EQ(weekly.step_s, 3'600);
  EXPECT_EQ(weekly.before, 5u * 7 * 24);
  EXPECT_EQ(grid("forecast(avg:a{*}, 'linear', 1, history='1w')").before * 120u, 7u * 86'400);
  const Query fine = std::get<Query>(parse("anomalies(avg:a{*}.rollup(avg, 10), 'agile', 2)"));
  EXPECT_THAT(grid_of(fine.metrics[0], 1'700'000'000, 1'700'003'600).error().message,
              HasSubstr("of the past"));
}

TEST(MetricBands, AWrongArgumentIsToldWhere) {
  const auto told = [](const std::string& text) { return made(text, waves()).error().message; };
  EXPECT_THAT(told("anomalies(avg:a{*})"), HasSubstr("one of basic|agile|robust (at character 1)"));
  EXPECT_THAT(told("anomalies(avg:a{*}, 'best', 2)"), HasSubstr("(at character 21)"));
  EXPECT_THAT(told("anomalies(avg:a{*}, 'basic', 0)"), HasSubstr("above 0"));
  EXPECT_THAT(told("anomalies(avg:a{*}, 'basic', 2, colour='red')"),
              HasSubstr("no argument colour"));
  EXPECT_THAT(told("anomalies(avg:a{*}, 'agile', 2, seasonality='yearly')"),
              HasSubstr("seasonality is one of hourly|daily|weekly"));
  EXPECT_THAT(told("anomalies(avg:a{*}, 'agile', 2, 3)"), HasSubstr("no such further argument"));
  EXPECT_THAT(told("forecast(avg:a{*}, 'linear', 1, history='long')"), HasSubstr("'1d'"));
  EXPECT_THAT(told("forecast(avg:a{*}, 'linear', 1, interval='x')"), HasSubstr("seconds"));
  EXPECT_THAT(told("outliers(avg:a{*}, 'knn', 2)"), HasSubstr("dbscan|mad"));
  EXPECT_THAT(told("abs(anomalies(avg:a{*}, 'basic', 2))"), HasSubstr("stand outermost"));
}

}  // namespace
}  // namespace catalejo::query::metrics
