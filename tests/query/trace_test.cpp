#include "query/trace.hpp"

#include <gtest/gtest.h>

#include <set>

namespace catalejo::query {
namespace {

constexpr TraceId kLlm{1, 1}, kApm{2, 2};

SpanRow row(std::uint8_t half, std::uint64_t span, std::uint64_t parent, std::uint64_t apm_parent,
            std::int64_t start) {
  SpanRow made;
  made.half = half;
  made.trace_id = half == 2 ? kApm : kLlm;
  made.apm_trace_id = kApm;
  made.span_id = {span};
  made.parent_id = {half == 2 ? 0 : parent};
  made.apm_parent_id = {apm_parent};
  made.start = {start};
  made.duration_ns = 10;
  made.kind = half == 2 ? "" : "llm";
  return made;
}

// "1(2(3) 4) 5": the tree by span ids, in the order of its nodes.
std::string shape(const TraceTree& tree) {
  std::string text;
  std::uint32_t depth = 0;
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const TraceNode& node = tree.nodes[i];
    EXPECT_LT(node.parent, static_cast<std::int32_t>(i));
    if (i > 0 && node.depth > depth) text += '(';
    for (; depth > node.depth; --depth) text += ')';
    if (i > 0 && text.back() != '(') text += ' ';
    depth = node.depth;
    text += to_decimal(node.main().span_id);
  }
  return text + std::string(depth, ')');
}

using Notes = std::vector<std::string_view>;

TEST(TraceTree, PutsParentsFirstAndSiblingsByStart) {
  const std::vector<SpanRow> rows = {row(3, 4, 1, 1, 40), row(3, 3, 2, 2, 30), row(3, 2, 1, 1, 20),
                                     row(3, 1, 0, 0, 10)};
  const TraceTree tree = assemble_trace(rows);
  EXPECT_EQ(shape(tree), "1(2(3) 4)");
  EXPECT_TRUE(tree.notes.empty());
  EXPECT_EQ(tree.sums.start.value, 10);
  EXPECT_EQ(tree.sums.end.value, 50);
  EXPECT_EQ(tree.sums.llm_calls, 4u);
}

TEST(TraceTree, JoinsTheHalvesOfASpanThatCameApart) {
  std::vector<SpanRow> rows = {row(1, 1, 0, 0, 10), row(2, 1, 0, 0, 10), row(2, 2, 0, 1, 12)};
  rows[1].name = "apm";
  const TraceTree tree = assemble_trace(rows);
  EXPECT_EQ(shape(tree), "1(2)");
  EXPECT_EQ(tree.nodes[0].llm, &rows[0]);
  EXPECT_EQ(tree.nodes[0].apm, &rows[1]);
  EXPECT_EQ(tree.nodes[1].llm, nullptr);
}

TEST(TraceTree, JoinsBySpanIdWhenTheLlmHalfDoesNotKnowItsApmTrace) {
  std::vector<SpanRow> rows = {row(1, 1, 0, 0, 10), row(2, 1, 0, 0, 10)};
  rows[0].apm_trace_id = {};
  EXPECT_EQ(shape(assemble_trace(rows)), "1");
}

TEST(TraceTree, KeepsTheFirstOfTwoEqualHalves) {
  std::vector<SpanRow> rows = {row(1, 1, 0, 0, 10), row(3, 1, 0, 0, 10)};
  const TraceTree tree = assemble_trace(rows);
  EXPECT_EQ(shape(tree), "1");
  EXPECT_EQ(tree.nodes[0].llm, &rows[0]);
  EXPECT_EQ(tree.nodes[0].apm, &rows[1]);
}

TEST(TraceTree, HangsAnLlmRootUnderTheRequestThatCausedIt) {
  // 1 web request (APM) → 2 agent, root of the LLM trace → 3 http client (APM) and 4 llm
  const std::vector<SpanRow> rows = {row(2, 1, 0, 0, 10), row(3, 2, 0, 1, 20), row(2, 3, 0, 4, 31),
                                     row(3, 4, 2, 2, 30)};
  EXPECT_EQ(shape(assemble_trace(rows)), "1(2(4(3)))");
}

TEST(TraceTree, MakesOrphansRootsAndSaysSo) {
  const std::vector<SpanRow> rows = {row(3, 1, 0, 0, 10), row(3, 2, 99, 98, 20)};
  const TraceTree tree = assemble_trace(rows);
  EXPECT_EQ(shape(tree), "1 2");
  EXPECT_EQ(tree.notes, Notes{"missing_parent"});
}

TEST(TraceTree, CutsCirclesAtTheirEarliestSpan) {
  // 1 is its own parent; 2 → 3 → 4 → 2 is a circle with 5 hanging on it.
  const std::vector<SpanRow> rows = {row(3, 1, 1, 0, 10), row(3, 2, 4, 0, 20), row(3, 3, 2, 0, 15),
                                     row(3, 4, 3, 0, 30), row(3, 5, 4, 0, 40)};
  const TraceTree tree = assemble_trace(rows);
  EXPECT_EQ(shape(tree), "1 3(4(2 5))");
  EXPECT_EQ(tree.notes, Notes{"cycle_in_parents"});
}

TEST(TraceTree, AddsUpOnlyWhatTalkedToAModel) {
  std::vector<SpanRow> rows = {row(3, 1, 0, 0, 10), row(3, 2, 1, 1, 20), row(3, 3, 1, 1, 30)};
  rows[0].kind = "agent";
  rows[0].total_tokens = 1000;
  rows[1].total_tokens = 30;
  rows[2].kind = "embedding";
  rows[2].total_tokens = 5;
  rows[2].error = true;
  const TraceTree tree = assemble_trace(rows);
  EXPECT_EQ(tree.sums.llm_calls, 1u);
  EXPECT_EQ(tree.sums.errors, 1u);
  EXPECT_EQ(tree.sums.total_tokens, 35);
  EXPECT_EQ(tree.sums.input_tokens, kUnknown);
}

TEST(TraceTree, SurvivesADeepChain) {
  std::vector<SpanRow> rows;
  for (std::uint64_t i = 1; i <= 20'000; ++i)
    rows.push_back(row(3, i, i - 1, i - 1, static_cast<std::int64_t>(i)));
  const TraceTree tree = assemble_trace(rows);
  ASSERT_EQ(tree.nodes.size(), 20'000u);
  EXPECT_EQ(tree.nodes.back().depth, 19'999u);
  EXPECT_TRUE(tree.notes.empty());
}

TEST(TraceShape, CountsWhatItLeavesOut) {
  std::vector<SpanRow> rows;
  for (std::uint64_t i = 1; i <= 9; ++i) rows.push_back(row(3, i, 0, 0, 1));
  std::vector<const SpanLink*> links;
  for (const SpanRow& each : rows) links.push_back(&each);
  const TraceShape shape = arrange(links, 5);
  EXPECT_EQ(shape.nodes.size(), 5u);
  EXPECT_EQ(shape.left_out, 4u);
}

TEST(TraceTree, SaysThatAChildBeganBeforeItsParent) {
  const std::int64_t second = 1'000'000'000;
  std::vector<SpanRow> rows = {row(3, 1, 0, 0, 2 * second), row(3, 2, 1, 1, second)};
  EXPECT_EQ(assemble_trace(rows).notes, Notes{"clock_skew"});
  rows[1].start = {2 * second - 900};  // two clocks of one machine
  EXPECT_TRUE(assemble_trace(rows).notes.empty());
}

TEST(TraceTree, SurvivesTimesAndTokensAtTheEndsOfTheirRange) {
  std::vector<SpanRow> rows = {row(3, 1, 0, 0, INT64_MIN), row(3, 2, 1, 1, INT64_MAX)};
  for (SpanRow& each : rows) each.duration_ns = each.total_tokens = INT64_MAX;
  const TraceTree tree = assemble_trace(rows);
  EXPECT_EQ(tree.sums.end.value, INT64_MAX);
  EXPECT_EQ(tree.sums.total_tokens, INT64_MAX);
}

TEST(TraceTree, IsEmptyWithoutRows) {
  EXPECT_TRUE(assemble_trace({}).nodes.empty());
}

}  // namespace
}  // namespace catalejo::query
