#include "evaluate/usual/usual.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/time.hpp"
#include "evaluate/engine/bench.hpp"
#include "evaluate/registry.hpp"

namespace catalejo::evaluate {
namespace {

constexpr double kMedian = 1.3e9;  // of the made series, in nanoseconds

query::SpanRow call(double duration_ns, std::string_view app = "shop") {
  query::SpanRow span;
  span.half = 1;
  span.trace_id = {1, 1};
  span.span_id = {1};
  span.kind = "llm";
  span.name = "answer";
  span.ml_app = app;
  span.model = "gpt-4o";
  span.start = {1'764'000'000'000'000'000};
  span.duration_ns = static_cast<std::int64_t>(duration_ns);
  return span;
}

// What an evaluator says of calls that come one after the other.
class Calls {
 public:
  explicit Calls(std::string_view evaluator, const cost::PriceBook* book = nullptr)
      : evaluator_(find_evaluator(evaluator)), book_(book) {}

  std::optional<Verdict> judge(const query::SpanRow& row) {
    Subject subject;
    subject.duration_ns = row.duration_ns;
    subject.name = row.name;
    subject.ml_app = row.ml_app;
    subject.model_name = row.model;
    usuals_.compare(row, book_, subject);
    std::vector<Verdict> verdicts;
    evaluator_->judge(subject, verdicts);
    if (verdicts.empty()) return std::nullopt;
    return verdicts.front();
  }
  bool fails(const query::SpanRow& row) {
    const auto verdict = judge(row);
    return verdict && verdict->assessment == Assessment::fail;
  }
  void repeat(const query::SpanRow& row, std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) judge(row);
  }

 private:
  const Evaluator* evaluator_;
  const cost::PriceBook* book_;
  Usuals usuals_;
};

TEST(LatencyOutlier, SaysNothingBeforeEnoughCallsAreKnown) {
  Calls calls("latency_outlier");
  for (std::size_t i = 0; i < Window::kValuesMin; ++i)
    EXPECT_FALSE(calls.judge(call(i == 10 ? 60e9 : kMedian))) << i;
  EXPECT_TRUE(calls.judge(call(kMedian)));
}

TEST(LatencyOutlier, SaysHowManyTimesTheUsualAndInWords) {
  Calls calls("latency_outlier");
  calls.repeat(call(kMedian), 60);
  const auto verdict = calls.judge(call(12.1e9));
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->assessment, Assessment::fail);
  EXPECT_NEAR(verdict->score, 12.1 / 1.3, 1e-3);
  EXPECT_EQ(verdict->reasoning,
            "12.1 s; half of the calls of gpt-4o by answer in shop take less than 1.3 s.");
}

TEST(LatencyOutlier, SmallDifferencesAreNoneHoweverManyTimesTheUsual) {
  Calls calls("latency_outlier");
  calls.repeat(call(1e6), 60);
  const auto verdict = calls.judge(call(900e6));
  ASSERT_TRUE(verdict);
  EXPECT_NEAR(verdict->score, 900, 1);
  EXPECT_EQ(verdict->assessment, Assessment::pass);
  EXPECT_TRUE(calls.fails(call(1.1e9)));
}

// The rate that docs/en/reference/evaluators.md names.
TEST(LatencyOutlier, NoiseIsNoAlarmInMoreThanOneOfAThousandCalls) {
  std::mt19937_64 random(7);
  for (const double spread : {0.2, 0.4, 0.7, 1.0}) {
    std::lognormal_distribution<double> noise(std::log(kMedian), spread);
    std::size_t judged = 0, alarms = 0;
    for (int series = 0; series < 10; ++series) {
      Calls calls("latency_outlier");
      for (int i = 0; i < 2'000; ++i) {
        const auto verdict = calls.judge(call(noise(random)));
        judged += verdict ? 1 : 0;
        alarms += verdict && verdict->assessment == Assessment::fail ? 1 : 0;
      }
    }
    EXPECT_LE(static_cast<double>(alarms), static_cast<double>(judged) / 1'000) << spread;
    RecordProperty(fmt::format("alarms_of_{}_at_{}", judged, spread), static_cast<int>(alarms));
  }
}

TEST(LatencyOutlier, WhatIsPutIntoNoiseIsFound) {
  std::mt19937_64 random(8);
  std::lognormal_distribution<double> noise(std::log(kMedian), 0.4);
  Calls calls("latency_outlier");
  for (int i = 0; i < 100; ++i) calls.judge(call(noise(random)));
  int missed = 0;
  for (int i = 0; i < 2'000; ++i) {
    if (i % 50 != 0) {
      calls.judge(call(noise(random)));
    } else if (!calls.fails(call(15 * kMedian))) {
      ++missed;
    }
  }
  EXPECT_EQ(missed, 0);
}

TEST(LatencyOutlier, WhatLastsBecomesUsual) {
  Calls calls("latency_outlier");
  calls.repeat(call(kMedian), 300);
  EXPECT_TRUE(calls.fails(call(10 * kMedian)));
  calls.repeat(call(10 * kMedian), Window::kValuesMax);
  EXPECT_FALSE(calls.fails(call(10 * kMedian)));
}

TEST(LatencyOutlier, FailedCallsAreComparedAndDoNotCount) {
  Calls calls("latency_outlier");
  calls.repeat(call(kMedian), 60);
  query::SpanRow failed = call(60e9);
  failed.error = true;
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(calls.fails(failed)) << i;
}

TEST(Usuals, KindsAreApartAndTheLeastUsedGivesWay) {
  Calls calls("latency_outlier");
  calls.repeat(call(kMedian), 60);
  EXPECT_FALSE(calls.judge(call(60e9, "help desk")));
  for (std::size_t i = 1; i < Usuals::kKindsMax; ++i) calls.judge(call(1, std::to_string(i)));
  EXPECT_FALSE(calls.judge(call(60e9)));
}

TEST(CostOutlier, ComparesWhatTheApplicationSaysAndNothingThatIsNotKnown) {
  Calls calls("cost_outlier");
  query::SpanRow cheap = call(1);
  calls.repeat(cheap, 60);  // no cost is known
  EXPECT_FALSE(calls.judge(cheap));
  cheap.cost_nano_usd = 30'000'000;
  calls.repeat(cheap, 60);
  cheap.cost_nano_usd = 420'000'000;
  const auto verdict = calls.judge(cheap);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->assessment, Assessment::fail);
  EXPECT_NEAR(verdict->score, 14, 1e-6);
  EXPECT_EQ(verdict->reasoning,
            "$0.4200; half of the calls of gpt-4o by answer in shop cost less than $0.0300.");
}

TEST(CostOutlier, IsPricedByTheBook) {
  auto catalogue = cost::parse_catalogue(std::string(cost::builtin_catalogue()));
  ASSERT_TRUE(catalogue);
  const cost::PriceBook book(std::make_shared<const cost::Catalogue>(*std::move(catalogue)), {},
                             {});
  Calls calls("cost_outlier", &book);
  query::SpanRow usual = call(1);
  usual.input_tokens = 1'000;
  usual.output_tokens = 100;
  calls.repeat(usual, 60);
  usual.input_tokens = 120'000;
  const auto verdict = calls.judge(usual);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->assessment, Assessment::fail);
  EXPECT_GT(verdict->score, 80);
}

TEST(Bench, AThresholdOfTheUserMakesNoAlarmOfNoise) {
  store::EvaluatorSettings settings;
  settings.threshold = 1.5;
  settings.keep_passes = true;
  const Seat seat{.evaluator = find_evaluator("latency_outlier"), .settings = settings};
  Bench bench;
  for (int i = 0; i < 60; ++i) bench.seat(call(1e6));
  bench.seat(call(9e6));
  EXPECT_EQ(bench.judge(seat).failed, 0u);
  for (int i = 0; i < 256; ++i) bench.seat(call(10e9));
  bench.seat(call(20e9));
  EXPECT_EQ(bench.judge(seat).failed, 1u);
}

}  // namespace
}  // namespace catalejo::evaluate
