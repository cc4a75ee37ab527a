#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "evaluate/engine/bench.hpp"
#include "evaluate/engine/gathered.hpp"
#include "evaluate/quality/goal_completeness.hpp"
#include "evaluate/quality/tool_loop.hpp"

namespace catalejo::evaluate {
namespace {

using testing::ElementsAre;

query::WholeStep step(std::uint64_t trace, std::uint64_t span, std::string_view kind) {
  return {.trace_id = {0, trace},
          .span_id = {span},
          .session_id = "s",
          .ml_app = "shop",
          .kind = kind,
          .name = kind,
          .start = {static_cast<std::int64_t>(span)},
          .input_hash = 1,
          .output_hash = 1,
          .input_bytes = 10,
          .output_bytes = 10};
}

query::SpanRow texts(std::string_view input, std::string_view output) {
  query::SpanRow row;
  row.half = 1;
  row.kind = "llm";
  row.input = input;
  row.output = output;
  return row;
}

std::vector<std::uint64_t> speakers(const Gathered& gathered) {
  std::vector<std::uint64_t> ids;
  for (const Step& each : gathered.speakers()) ids.push_back(each.span_id.value);
  return ids;
}

TEST(Gathered, TheRootSpeaksElseTheLastModelThatAnswered) {
  query::WholeStep root = step(1, 1, "workflow"), silent = step(2, 3, "workflow");
  silent.output_bytes = 0;
  query::WholeStep child = step(1, 2, "llm"), first = step(2, 4, "llm"), last = step(2, 5, "llm");
  for (query::WholeStep* each : {&child, &first, &last}) each->parent_id = {9};
  EXPECT_THAT(speakers({Scope::session, {last, first, silent, child, root}}), ElementsAre(1, 5));
}

TEST(Gathered, ACallThatFailedIsATurnWithoutAnAnswer) {
  query::WholeStep failed = step(1, 1, "llm");
  failed.error = true;
  failed.output_bytes = 0;
  Gathered gathered(Scope::session, {failed, step(2, 2, "tool")});
  ASSERT_THAT(speakers(gathered), ElementsAre(1));
  SubjectReader reader;
  const auto row = texts(R"({"messages":[{"role":"user","content":"hi"}]})", "");
  gathered.read_turn(reader, 0, &row);
  const Whole whole = gathered.whole();
  ASSERT_EQ(whole.turns.size(), 1u);
  EXPECT_EQ(whole.turns[0].user, "hi");
  EXPECT_EQ(whole.turns[0].assistant, "");
  EXPECT_TRUE(whole.turns[0].error);
}

TEST(Gathered, TheFirstCallTellsWhatWasSaidBefore) {
  Gathered gathered(Scope::session, {step(1, 1, "llm"), step(2, 2, "llm")});
  SubjectReader reader;
  const auto first = texts(
      R"({"messages":[{"role":"system","content":"be kind"},{"role":"user","content":"one"},
          {"role":"assistant","content":"1"},{"role":"user","content":"two"}]})",
      R"({"messages":[{"role":"assistant","content":"2"}]})");
  const auto second = texts(
      R"({"messages":[{"role":"user","content":"one"},{"role":"assistant","content":"1"},
          {"role":"user","content":[{"type":"text","text":"three"},{"type":"text","text":"!"}]}]})",
      R"({"messages":[{"role":"assistant","content":"3"}]})");
  gathered.read_turn(reader, 0, &first);
  gathered.read_turn(reader, 1, &second);
  std::vector<std::string> said;
  const Whole whole = gathered.whole();
  for (const Turn& turn : whole.turns)
    said.push_back(std::string(turn.user) + "/" + std::string(turn.assistant));
  EXPECT_THAT(said, ElementsAre("one/1", "two/2", "three\n!/3"));
  EXPECT_EQ(whole.session_id, "s");
  EXPECT_TRUE(whole.trace_id.empty());
}

TEST(Gathered, IsBounded) {
  std::vector<query::WholeStep> rows;
  for (std::uint64_t i = 1; i <= limits::whole_turns_max + 5; ++i)
    rows.push_back(step(i, i, "llm"));
  rows.back().input_bytes = limits::whole_turn_bytes_max;
  Gathered gathered(Scope::session, rows);
  EXPECT_EQ(gathered.too_long(), 1u);
  EXPECT_EQ(gathered.speakers().size(), limits::whole_turns_max);
  EXPECT_EQ(gathered.speakers().front().span_id.value, 5u);
  SubjectReader reader;
  const std::string input = R"({"value":")" + std::string(100'000, 'a') + R"("})";
  const auto row = texts(input, R"({"value":"b"})");
  gathered.read_turn(reader, 0, &row);
  EXPECT_EQ(gathered.whole().turns[0].user.size(), limits::whole_text_bytes_max);
}

TEST(Gathered, ATraceThatEndsOnAFailedToolSaysSo) {
  query::WholeStep tool = step(1, 2, "tool"), again = step(1, 3, "tool");
  tool.error = true;
  for (query::WholeStep* each : {&tool, &again}) each->parent_id = {1};
  SubjectReader reader;
  const auto row = texts(R"({"value":"a"})", R"({"value":"b"})");
  for (const bool repaired : {false, true}) {
    std::vector<query::WholeStep> rows = {step(1, 1, "agent"), tool};
    if (repaired) rows.push_back(again);
    Gathered gathered(Scope::session, rows);
    gathered.read_turn(reader, 0, &row);
    EXPECT_EQ(gathered.whole().turns[0].tool_failed, !repaired);
  }
}

TEST(Gathered, EachIsKnownByItsNameAndJudgesAreLeftOut) {
  query::WholeStep own = step(3, 3, "llm"), other = step(2, 2, "llm");
  own.ml_app = "catalejo-judge";
  other.session_id = "t";
  const std::vector<query::WholeStep> rows = {step(1, 1, "llm"), other, own};
  std::vector<std::string> names;
  for (const auto& [name, whole] : gather(Scope::session, rows)) names.push_back(name);
  EXPECT_THAT(names, ElementsAre("s", "t"));
  EXPECT_EQ(gather(Scope::trace, rows).size(), 2u);
}

TEST(ToolLoop, CountsTheSameQuestionWithTheSameAnswer) {
  const auto calls = [](std::vector<Step> steps) {
    std::vector<Verdict> verdicts;
    ToolLoop().judge_whole({.steps = steps}, verdicts);
    return verdicts.empty() ? 0 : static_cast<int>(verdicts[0].score);
  };
  const Step search{.kind = "tool", .name = "search", .input_hash = 1, .output_hash = 2};
  Step other = search, news = search, silent = search;
  other.name = "fetch";
  news.output_hash = 3;
  silent.input_hash = 0;
  EXPECT_EQ(calls({}), 0);
  EXPECT_EQ(calls({silent, silent}), 0);
  EXPECT_EQ(calls({{.kind = "llm", .input_hash = 1}}), 0);
  EXPECT_EQ(calls({search, other, news}), 1);
  EXPECT_EQ(calls({search, other, search, search}), 3);
}

TEST(BenchOfWholes, SaysOnceAndReplacesWhatWasSaid) {
  const GoalCompleteness evaluator;
  const Seat seat{.evaluator = &evaluator, .settings = {.evaluator = "goal_completeness"}};
  const std::vector<Step> steps = {{.span_id = {1}, .start = {5 * kNanosPerMilli}},
                                   {.span_id = {2}, .start = {7 * kNanosPerMilli}}};
  const std::vector<Turn> turns = {{.user = "How?", .assistant = "Thus."},
                                   {.user = "It still doesn't work", .assistant = "Hm."}};
  Whole whole{.scope = Scope::session, .session_id = "s", .ml_app = "shop"};
  whole.turns = turns;
  whole.steps = std::span(steps).first(1);
  const TraceId before = evaluation_id(evaluator, whole);
  whole.steps = steps;
  const TraceId id = evaluation_id(evaluator, whole);
  EXPECT_NE(id, before);
  Bench bench;
  EXPECT_EQ(bench.judge(seat, whole, {}, {id}).judged, 0u) << "it is stored";
  EXPECT_EQ(bench.judge(seat, whole, {20 * kNanosPerMilli}, {before}).failed, 1u);
  EXPECT_TRUE(bench.take_counts().empty());
  const model::Batch batch = bench.take_evaluations();
  ASSERT_EQ(batch.evaluations.size(), 1u);
  const model::Evaluation& said = batch.evaluations[0];
  EXPECT_EQ(said.id, id);
  EXPECT_EQ(said.scope, "session");
  EXPECT_EQ(said.session_id, "s");
  EXPECT_TRUE(said.trace_id.empty());
  EXPECT_EQ(said.assessment, "fail");
  EXPECT_EQ(said.timestamp.value, 21 * kNanosPerMilli) << "behind what it replaces";
}

TEST(BenchOfWholes, SamplesWholeSessions) {
  const GoalCompleteness evaluator;
  Seat half{.evaluator = &evaluator, .settings = {.sampling = 0.5}};
  int sampled = 0;
  for (int i = 0; i < 1'000; ++i) sampled += is_sampled(half, "s-" + std::to_string(i)) ? 1 : 0;
  EXPECT_NEAR(sampled, 500, 60);
}

}  // namespace
}  // namespace catalejo::evaluate
