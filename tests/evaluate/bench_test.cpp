#include "evaluate/engine/bench.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "evaluate/engine/logged_span.hpp"
#include "evaluate/registry.hpp"
#include "store/batch/encoded_batch.hpp"
#include "store/columns.hpp"
#include "store/store.hpp"

namespace catalejo::evaluate {
namespace {

constexpr UnixNanos kStart{1'764'000'000'123'456'789};

class Says final : public Evaluator {
 public:
  explicit Says(double score, std::uint32_t version = 1) : score_(score), version_(version) {}
  std::string_view id() const override { return "says"; }
  std::uint32_t version() const override { return version_; }
  void judge(const Subject&, std::vector<Verdict>& verdicts) const override {
    verdicts.push_back({.label = "says",
                        .type = model::MetricType::score,
                        .score = score_,
                        .assessment = Assessment::pass,
                        .reasoning = "Because."});
  }

 private:
  double score_;
  std::uint32_t version_;
};

query::SpanRow row(std::uint64_t id) {
  query::SpanRow span;
  span.half = 1;
  span.trace_id = {id, id};
  span.span_id = {id};
  span.start = kStart;
  span.kind = "llm";
  span.ml_app = "shop";
  span.model = "gpt-4o";
  return span;
}

TEST(Bench, KnowsARepeatByTheEvaluatorItsVersionAndTheSpan) {
  const Says first(1), second(1, 2);
  const TraceId id = evaluation_id(first, {1, 2}, {3});
  EXPECT_EQ(id, evaluation_id(first, {1, 2}, {3}));
  EXPECT_NE(id, evaluation_id(second, {1, 2}, {3}));
  EXPECT_NE(id, evaluation_id(first, {1, 2}, {4}));
  EXPECT_NE(id, evaluation_id(first, {1, 3}, {3}));
}

// A high score is a good one: what falls short of the threshold fails.
class Grounded final : public Evaluator {
 public:
  std::string_view id() const override { return "grounded"; }
  std::uint32_t version() const override { return 1; }
  std::optional<Threshold> threshold() const override { return Threshold{0.5, true}; }
  void judge(const Subject&, std::vector<Verdict>& verdicts) const override {
    verdicts.push_back({.label = id(), .type = model::MetricType::score, .score = 0.7});
  }
};

TEST(Bench, FailsBelowAThresholdWhereALowScoreIsBad) {
  const Grounded grounded;
  Bench bench;
  for (const auto& [threshold, failed] : {std::pair{0.6, 0u}, {0.7, 0u}, {0.8, 1u}}) {
    bench.seat(row(1));
    const Seat seat{.evaluator = &grounded,
                    .settings = {.evaluator = "grounded", .threshold = threshold}};
    EXPECT_EQ(bench.judge(seat).failed, failed) << threshold;
  }
}

TEST(Bench, KeepsWhatFailedAndCountsTheRest) {
  const Says says(0.5);
  const Seat lenient{.evaluator = &says, .settings = {.evaluator = "says", .threshold = 0.6}};
  const Seat strict{.evaluator = &says, .settings = {.evaluator = "says", .threshold = 0.5}};
  Bench bench;
  bench.seat(row(1));
  EXPECT_EQ(bench.judge(lenient).failed, 0u);
  EXPECT_TRUE(bench.evaluation_ids().empty());
  bench.seat(row(2));
  EXPECT_EQ(bench.judge(strict).failed, 1u);
  const auto ids = bench.evaluation_ids();
  ASSERT_EQ(ids.size(), 1u);
  EXPECT_EQ(ids[0], evaluation_id(says, {2, 2}, {2}));
  const Counts counts = bench.take_counts();
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts.begin()->first.ml_app, "shop");
  EXPECT_EQ(counts.begin()->first.minute % 60, 0);
  EXPECT_EQ(counts.begin()->second.judged, 2u);
  EXPECT_EQ(counts.begin()->second.failed, 1u);
  const model::Batch batch = bench.take_evaluations();
  ASSERT_EQ(batch.evaluations.size(), 1u);
  EXPECT_EQ(batch.evaluations[0].assessment, "fail");
  EXPECT_EQ(batch.evaluations[0].timestamp, kStart);
  EXPECT_EQ(batch.evaluations[0].source, "catalejo/says");
  EXPECT_TRUE(bench.take_evaluations().evaluations.empty());
  EXPECT_TRUE(bench.take_counts().empty());
}

TEST(Bench, KeepsPassesWhenTheyAreAskedForAndLeavesOutWhatIsStored) {
  const Says says(0.5);
  const Seat seat{.evaluator = &says, .settings = {.evaluator = "says", .keep_passes = true}};
  Bench bench;
  for (const std::uint64_t id : {1u, 2u, 3u}) {
    bench.seat(row(id));
    bench.judge(seat);
  }
  bench.leave_out({evaluation_id(says, {2, 2}, {2})});
  EXPECT_EQ(bench.evaluation_ids().size(), 2u);
}

TEST(Bench, SamplesWholeTraces) {
  const Says says(1);
  const Seat quarter{.evaluator = &says, .settings = {.evaluator = "says", .sampling = 0.25}};
  const Seat none{.evaluator = &says, .settings = {.evaluator = "says", .sampling = 0}};
  int sampled = 0;
  for (std::uint64_t id = 1; id <= 10'000; ++id) {
    sampled += is_sampled(quarter, {id, 7}) ? 1 : 0;
    EXPECT_FALSE(is_sampled(none, {id, 7}));
  }
  EXPECT_NEAR(sampled, 2'500, 250);
  EXPECT_EQ(is_sampled(quarter, {1, 7}), is_sampled(quarter, {1, 7}));
}

TEST(LoggedSpan, IsTheSpanThatWasStored) {
  model::Batch batch;
  model::Span span;
  span.halves = model::Halves::llm;
  span.trace_id = {1, 2};
  span.span_id = {3};
  span.start = kStart;
  span.kind = "llm";
  span.ml_app = "shop";
  span.input_json = R"({"value":"hola"})";
  span.tags.push_back({"team", "red"});
  span.metrics.push_back({"input_tokens", 5});
  batch.spans.push_back(span);
  const auto encoded = store::encode(batch, kStart);
  int rows = 0;
  store::each_row(encoded->payload, [&](const store::RowHead&, std::string_view stored) {
    ++rows;
    const auto read = read_logged_span(store::kRowVersion, stored);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->has_llm());
    EXPECT_EQ(read->trace_id, span.trace_id);
    EXPECT_EQ(read->span_id, span.span_id);
    EXPECT_EQ(read->start, kStart);
    EXPECT_EQ(read->ml_app, "shop");
    EXPECT_EQ(read->input, span.input_json);
    ASSERT_EQ(read->tags.size(), 1u);
    EXPECT_EQ(read->tags[0].second, "red");
    // Cut short anywhere it is no span, and never a crash.
    for (std::size_t size = 0; size < stored.size(); ++size)
      EXPECT_FALSE(read_logged_span(store::kRowVersion, stored.substr(0, size)));
    EXPECT_FALSE(read_logged_span(store::kRowVersion + 1, stored));
  });
  EXPECT_EQ(rows, 1);
}

}  // namespace
}  // namespace catalejo::evaluate
