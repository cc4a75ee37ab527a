// Metrics that spans are worth: names, tags and values as Datadog has them.
#include "pipeline/span_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "pipeline/span_values.hpp"

namespace catalejo::pipeline {
namespace {

using model::Halves;
using model::MetricPoint;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

constexpr UnixNanos kNow{1'700'000'000'000'000'000};
constexpr UnixNanos kEnd{std::numeric_limits<std::int64_t>::max()};

model::Span llm_call() {
  model::Span span;
  span.halves = Halves::llm;
  span.span_id = {7};
  span.parent_id = {6};
  span.start = {kNow.value - 3 * kNanosPerSecond};
  span.duration_ns = 2 * kNanosPerSecond;
  span.kind = "llm";
  span.env = "Prod";
  span.service = "shop";
  span.ml_app = "shop";
  span.model_name = "gpt-4o-2024-08-06";
  span.model_provider = "azure_openai";
  span.metrics = {
      {"input_tokens", 1'000}, {"output_tokens", 100}, {"cache_read_input_tokens", 400}};
  span.input_json = R"({"messages":[{"role":"user","content":"¿Qué \"tal\"?"}]})";
  span.output_json = R"({"messages":[{"role":"assistant","content":"ok\u00f1"}]})";
  return span;
}

class SpanMetricsTest : public testing::Test {
 protected:
  void SetUp() override { prices_ = *cost::Prices::open({}); }

  // By name; what has several series has several points.
  std::multimap<std::string, MetricPoint> points() {
    std::multimap<std::string, MetricPoint> points;
    SpanMetrics::Due due = metrics_->due(kEnd);
    dropped_ = due.dropped;
    for (MetricInterval& interval : due.intervals)
      for (MetricPoint& point : points_of(std::move(interval))) points.emplace(point.name, point);
    return points;
  }
  void open(std::size_t series_max = 100) {
    metrics_ = std::make_unique<SpanMetrics>(series_max, prices_.get(), counters_);
  }
  void take(model::Span span, Halves halves = Halves::llm) {
    model::Batch batch;
    batch.spans = {span};
    metrics_->take(batch, {static_cast<std::uint8_t>(halves)}, kNow);
  }

  Counters counters_;
  std::unique_ptr<cost::Prices> prices_;
  std::unique_ptr<SpanMetrics> metrics_;
  model::Rejections dropped_;
};

double sum_of(const std::multimap<std::string, MetricPoint>& points, const std::string& name) {
  const auto found = points.find(name);
  if (found == points.end()) return -1;
  const MetricPoint& point = found->second;
  return point.kind == model::MetricKind::distribution ? point.sketch.sum() : point.value;
}

TEST_F(SpanMetricsTest, ACallOfAModelIsWorthItsTokensCharactersTimeAndMoney) {
  open();
  take(llm_call());
  const auto got = points();
  const std::map<std::string, double> expected = {
      {"ml_obs.span", 1},
      {"ml_obs.span.error", 0},
      {"ml_obs.span.duration", 2},
      {"ml_obs.span.llm.input.tokens", 1'000},
      {"ml_obs.span.llm.prompt.tokens", 1'000},
      {"ml_obs.span.llm.output.tokens", 100},
      {"ml_obs.span.llm.completion.tokens", 100},
      {"ml_obs.span.llm.total.tokens", 1'100},
      {"ml_obs.span.llm.input.cache_read.tokens", 400},
      {"ml_obs.span.llm.input.non_cached.tokens", 600},
      {"ml_obs.span.llm.input.characters", 11},
      {"ml_obs.span.llm.output.characters", 3},
      // gpt-4o: 2.50, 1.25 and 10.00 dollars a million
      {"ml_obs.span.llm.input.cost", 2'000'000},
      {"ml_obs.span.llm.output.cost", 1'000'000},
      {"ml_obs.span.llm.total.cost", 3'000'000},
      {"ml_obs.span.llm.input.cache_read.cost", 500'000},
      {"ml_obs.span.llm.input.cache_write.cost", 0},
      {"ml_obs.span.llm.input.non_cached.cost", 1'500'000},
  };
  EXPECT_EQ(got.size(), expected.size());
  for (const auto& [name, value] : expected) EXPECT_DOUBLE_EQ(sum_of(got, name), value) << name;
  EXPECT_THAT(got.find("ml_obs.span")->second.tags,
              ElementsAre("env:prod", "error:0", "ml_app:shop", "model_name:gpt-4o-2024-08-06",
                          "model_provider:azure_openai", "service:shop", "span_kind:llm"));
  EXPECT_THAT(got.find("ml_obs.span.llm.total.cost")->second.tags,
              testing::AllOf(Contains("matched_model_name:gpt-4o-2024-08-06"),
                             Contains("matched_model_provider:azure_openai"),
                             Contains("source:catalogue"), Not(Contains("span_kind:llm"))));
  EXPECT_EQ(got.find("ml_obs.span")->second.kind, model::MetricKind::count);
  EXPECT_EQ(got.find("ml_obs.span.duration")->second.kind, model::MetricKind::distribution);
  EXPECT_EQ(got.find("ml_obs.span")->second.time.value, kNow.value - 10 * kNanosPerSecond);
}

TEST_F(SpanMetricsTest, ACallOfAJudgeIsUsageOfTheJudgedApplication) {
  open();
  model::Span call = llm_call();
  call.ml_app = "catalejo-judge";
  call.tags = {{"azure.resource", "contoso-eu"}, {"judge", "Tono"}, {"judged_app", "shop"}};
  take(call);  // a client that says so
  EXPECT_FALSE(points().contains("ml_obs.estimated_usage.llm.input.tokens"));
  call.source = "judge";
  take(call);
  const auto got = points();
  EXPECT_DOUBLE_EQ(sum_of(got, "ml_obs.estimated_usage.llm.input.tokens"), 1'000);
  EXPECT_DOUBLE_EQ(sum_of(got, "ml_obs.estimated_usage.llm.output.tokens"), 100);
  EXPECT_DOUBLE_EQ(sum_of(got, "ml_obs.estimated_usage.llm.total.tokens"), 1'100);
  EXPECT_DOUBLE_EQ(sum_of(got, "ml_obs.span.llm.input.tokens"), 1'000);
  EXPECT_THAT(got.find("ml_obs.estimated_usage.llm.total.tokens")->second.tags,
              ElementsAre("evaluation_name:tono", "ml_app:shop", "model_name:gpt-4o-2024-08-06",
                          "model_provider:azure_openai", "model_server:contoso-eu"));
}

TEST_F(SpanMetricsTest, TheRootIsATraceAndAnErrorIsOne) {
  open();
  model::Span root = llm_call();
  root.kind = "workflow";
  root.parent_id = {};
  root.error = true;
  take(root);
  const auto got = points();
  EXPECT_EQ(sum_of(got, "ml_obs.trace"), 1);
  EXPECT_EQ(sum_of(got, "ml_obs.trace.error"), 1);
  EXPECT_EQ(sum_of(got, "ml_obs.trace.duration"), 2);
  EXPECT_EQ(got.count("ml_obs.span.llm.input.tokens"), 0u);
  EXPECT_THAT(
      got.find("ml_obs.trace")->second.tags,
      ElementsAre("env:prod", "error:1", "ml_app:shop", "service:shop", "span_kind:workflow"));
}

TEST_F(SpanMetricsTest, AnEmbeddingHasNamesOfItsOwnAndAnApplicationsCostWins) {
  open();
  model::Span embedding = llm_call();
  embedding.kind = "embedding";
  embedding.model_name = "text-embedding-3-small";
  embedding.metrics = {{"input_tokens", 1'000}};
  take(embedding);
  model::Span own = llm_call();
  own.metrics.push_back({"total_cost", 0.5});
  take(own);
  const auto got = points();
  EXPECT_EQ(sum_of(got, "ml_obs.span.embedding.input.tokens"), 1'000);
  EXPECT_EQ(sum_of(got, "ml_obs.span.embedding.input.cost"), 20'000);
  EXPECT_EQ(sum_of(got, "ml_obs.span.llm.total.cost"), 500'000'000);
  EXPECT_THAT(got.find("ml_obs.span.llm.total.cost")->second.tags, Contains("source:application"));
  EXPECT_EQ(got.count("ml_obs.span.llm.output.cost"), 0u);
}

TEST_F(SpanMetricsTest, OnlyHalvesThatAreNewCount) {
  open();
  model::Span both = llm_call();
  both.halves = Halves::both;
  both.apm_name = "openai.request";
  both.apm_parent_id = {5};
  both.resource = "createChatCompletion";
  both.metrics.push_back({"_dd.measured", 1});
  model::Batch batch;
  batch.spans = {both, both, both};
  metrics_->take(batch, {0, static_cast<std::uint8_t>(Halves::apm), 3}, kNow);
  auto got = points();
  EXPECT_EQ(sum_of(got, "ml_obs.span"), 1);
  EXPECT_EQ(sum_of(got, "trace.openai.request.hits"), 2);
  EXPECT_EQ(sum_of(got, "trace.openai.request.errors"), 0);
  EXPECT_EQ(sum_of(got, "trace.openai.request.duration"), 4);
  EXPECT_EQ(got.find("trace.openai.request")->second.sketch.count(), 2);
  EXPECT_THAT(got.find("trace.openai.request.hits")->second.tags,
              ElementsAre("env:prod", "resource_name:createchatcompletion", "service:shop"));
  // What its tracer makes statistics of is not counted here as well.
  batch.client_computed_stats = true;
  metrics_->take(batch, {3, 0, 0}, kNow);
  got = points();
  EXPECT_EQ(got.count("trace.openai.request.hits"), 0u);
  EXPECT_EQ(sum_of(got, "ml_obs.span"), 1);
}

TEST_F(SpanMetricsTest, WhatTheClientSampledOutCounts) {
  open();
  model::Batch batch;
  batch.sampled_out = {llm_call()};
  metrics_->take(batch, {}, kNow);
  EXPECT_EQ(sum_of(points(), "ml_obs.span"), 1);
}

TEST_F(SpanMetricsTest, InnerSpansCountWhenTheAgentWouldCountThem) {
  model::Span span;
  span.apm_parent_id = {1};
  EXPECT_FALSE(is_counted(span));
  span.tags = {{"span.kind", "internal"}};
  EXPECT_FALSE(is_counted(span));
  span.tags = {{"span.kind", "client"}};
  EXPECT_TRUE(is_counted(span));
  span.tags = {};
  span.metrics = {{"_dd.top_level", 1}};
  EXPECT_TRUE(is_counted(span));
  span.metrics = {{"_dd.top_level", 0}};
  EXPECT_FALSE(is_counted(span));
  span.apm_parent_id = {};
  EXPECT_TRUE(is_counted(span));
}

TEST_F(SpanMetricsTest, StatisticsOfTracersAreMergedAndCountOnce) {
  open();
  model::TraceStats stats;
  for (const double seconds : {1.0, 3.0}) {
    model::TraceStatsGroup group{.env = "prod", .service = "shop", .name = "web.request"};
    group.start = {kNow.value - 20 * kNanosPerSecond};
    group.hits = 10;
    group.errors = 1;
    group.duration_s = 10 * seconds;
    group.durations_s.add(seconds, 10);
    stats.groups.push_back(group);
  }
  EXPECT_TRUE(metrics_->take(stats, {.high = 1, .low = 2}, kNow));
  EXPECT_FALSE(metrics_->take(stats, {.high = 1, .low = 2}, kNow));
  const auto got = points();
  EXPECT_EQ(sum_of(got, "trace.web.request.hits"), 20);
  EXPECT_EQ(sum_of(got, "trace.web.request.errors"), 2);
  const model::DDSketch& spread = got.find("trace.web.request")->second.sketch;
  EXPECT_EQ(spread.count(), 20);
  EXPECT_NEAR(spread.quantile(0.25), 1, 0.01);  // a mean of the two would be 2
  EXPECT_NEAR(spread.quantile(0.75), 3, 0.03);
}

TEST_F(SpanMetricsTest, TooManyValuesOfATagGoIntoOneSeries) {
  open(2);
  for (const char* version : {"1", "2", "3", "4"}) {
    model::Span span = llm_call();
    span.kind = "task";
    span.version = version;
    take(span);
  }
  double all = 0;
  for (const auto& [name, point] : points())
    if (name == "ml_obs.span") all += point.value;
  EXPECT_EQ(all, 4);
  EXPECT_TRUE(dropped_.empty());
}

TEST_F(SpanMetricsTest, AClockThatIsAheadMakesNoPointOfTheFuture) {
  open();
  model::Span span = llm_call();
  span.duration_ns = 3'600 * kNanosPerSecond;
  take(span);
  EXPECT_EQ(points().find("ml_obs.span")->second.time.value, kNow.value);
}

TEST(SaidCharacters, AreThoseOfTextsAndNotOfTheirNames) {
  EXPECT_EQ(said_characters(R"({"value":"hola"})"), 4u);
  EXPECT_EQ(
      said_characters(R"({"messages":[{"role":"user","content":[{"type":"text","text":"año"}]}]})"),
      3u);
  EXPECT_EQ(said_characters(R"({"value":"a\\"})"), 2u);
  EXPECT_EQ(said_characters(R"({"value":"\u00f1\n\"x"})"), 4u);
  EXPECT_EQ(said_characters(R"({"documents":[{"id":"long","text":"ab"},{"text":"c"}]})"), 3u);
  EXPECT_EQ(said_characters("{\"value\":\"cut"), 0u);
  EXPECT_EQ(said_characters(""), 0u);
}

}  // namespace
}  // namespace catalejo::pipeline
