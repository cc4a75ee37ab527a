#include "query/outline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/outline_shelf.hpp"
#include "row_writer.hpp"

namespace catalejo::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TraceId kTrace{1, 1};

ShapeRow row(std::uint64_t span, std::uint64_t parent, std::int64_t start, std::int64_t duration) {
  ShapeRow made;
  made.half = 1;
  made.kind = 1;
  made.trace_id = kTrace;
  made.span_id = {span};
  made.parent_id = {parent};
  made.start = {start};
  made.duration_ns = duration;
  return made;
}

// 1(2(3 4) 5(6)) 7
std::vector<ShapeRow> two_roots() {
  return {row(1, 0, 0, 100), row(2, 1, 10, 40), row(3, 2, 11, 10), row(4, 2, 22, 5),
          row(5, 1, 60, 30), row(6, 5, 61, 28), row(7, 0, 200, 1)};
}

std::vector<std::uint64_t> ids(const Outline& outline, const std::vector<std::uint32_t>& at) {
  std::vector<std::uint64_t> found;
  for (const std::uint32_t position : at) found.push_back(outline.nodes()[position].span_id.value);
  return found;
}

std::vector<std::uint64_t> lines(const Outline& outline, const Folds& folds,
                                 std::uint32_t first = 0, std::size_t rows_max = 100) {
  return ids(outline, outline.window(folds, first, rows_max).positions);
}

TEST(Outline, CutsWindowsByLines) {
  const Outline outline(two_roots());
  EXPECT_THAT(lines(outline, {}), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(lines(outline, {}, 2, 3), ElementsAre(3, 4, 5));
  EXPECT_THAT(lines(outline, {}, 7, 3), IsEmpty());
  EXPECT_EQ(outline.window({}, 2, 3).lines, 7u);
}

TEST(Outline, ClosesByDepthAndTurnsTheFlippedOnesAround) {
  const Outline outline(two_roots());
  EXPECT_THAT(lines(outline, {.flipped = {{2}}}), ElementsAre(1, 2, 5, 6, 7));
  EXPECT_THAT(lines(outline, {.open_depth = 0}), ElementsAre(1, 7));
  EXPECT_THAT(lines(outline, {.open_depth = 0, .flipped = {{1}}}), ElementsAre(1, 2, 5, 7));
  EXPECT_THAT(lines(outline, {.open_depth = 1}), ElementsAre(1, 2, 5, 7));
  // A span without children cannot be closed, and one that is not here changes nothing.
  EXPECT_THAT(lines(outline, {.flipped = {{3}, {99}}}), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(outline.window({.flipped = {{2}}}, 0, 3).closed, ElementsAre(false, true, false));
}

TEST(Outline, KnowsTheLineOfASpanAndWhatHidesIt) {
  const Outline outline(two_roots());
  EXPECT_EQ(outline.line_of({}, *outline.position_of({5})), 4u);
  EXPECT_EQ(outline.line_of({.flipped = {{2}}}, *outline.position_of({5})), 2u);
  EXPECT_EQ(outline.line_of({.flipped = {{2}}}, *outline.position_of({4})), std::nullopt);
  EXPECT_THAT(outline.closed_ancestors({.open_depth = 0}, *outline.position_of({4})),
              ElementsAre(SpanId{2}, SpanId{1}));
  EXPECT_EQ(outline.position_of({99}), std::nullopt);
}

TEST(Outline, LeadsToFailuresInTurnAndToTheSlowest) {
  std::vector<ShapeRow> rows = two_roots();
  EXPECT_EQ(Outline(rows).next_error(std::nullopt), std::nullopt);
  rows[3].error = rows[6].error = true;
  const Outline outline(rows);
  EXPECT_EQ(outline.next_error(std::nullopt), 3u);
  EXPECT_EQ(outline.next_error(3), 6u);
  EXPECT_EQ(outline.next_error(6), 3u);
  EXPECT_TRUE(outline.nodes()[0].failed_inside);
  EXPECT_FALSE(outline.nodes()[4].failed_inside);
  // 1 spends 30 itself, 6 spends 28, 2 spends 25.
  EXPECT_EQ(outline.slowest(), 0u);
  EXPECT_EQ(outline.sums().errors, 2u);
  EXPECT_EQ(outline.sums().spans, 7u);
}

TEST(Outline, ChoosesASpanWithItsAncestorsAndWhatIsBelow) {
  const Outline outline(two_roots());
  EXPECT_THAT(ids(outline, outline.around(*outline.position_of({5}))), ElementsAre(1, 5, 6));
  EXPECT_THAT(ids(outline, outline.notable()), ElementsAre(1, 2, 3, 4, 5, 6, 7));
}

TEST(Outline, TellsAConversationInTime) {
  std::vector<ShapeRow> rows = two_roots();
  rows[1].kind = 7;  // a task
  rows[2].kind = 5;  // a tool
  rows[4].kind = 0;  // another
  EXPECT_THAT(ids(Outline(rows), Outline(rows).steps()), ElementsAre(1, 3, 4, 6, 7));
}

TEST(Outline, SurvivesADeepChainACircleAndNothing) {
  std::vector<ShapeRow> chain;
  for (std::uint64_t i = 1; i <= 100'000; ++i)
    chain.push_back(row(i, i - 1, static_cast<std::int64_t>(i), 1));
  const Outline deep(chain);
  EXPECT_EQ(deep.nodes().back().depth, 99'999u);
  EXPECT_LE(deep.around(99'999).size(), 70u);
  EXPECT_EQ(deep.overview().size(), 192u);
  const Outline circle({row(1, 2, 1, 1), row(2, 1, 2, 1)});
  EXPECT_THAT(lines(circle, {}), ElementsAre(1, 2));
  EXPECT_THAT(circle.notes(), ElementsAre("cycle_in_parents"));
  const Outline nothing({});
  EXPECT_THAT(nothing.notable(), IsEmpty());
  EXPECT_EQ(nothing.slowest(), std::nullopt);
}

TEST(Outline, ReadsWhatTheDatabaseAnswersAndRefusesWhatItDoesNot) {
  test::RowWriter written;
  written.number<std::uint8_t>(3).number<std::uint8_t>(1).trace_id(kTrace).trace_id({2, 2});
  for (const std::uint64_t id : {7, 6, 5}) written.number<std::uint64_t>(id);
  written.number<std::int64_t>(100).number<std::int64_t>(20).number<std::uint8_t>(2);
  written.number<std::uint32_t>(16);
  for (const std::int64_t tokens : {1, 2, 3}) written.number<std::int64_t>(tokens);
  ASSERT_EQ(written.bytes().size(), kShapeRowBytes);
  const auto rows = read_shape_rows(written.bytes());
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(rows->front().apm_parent_id.value, 5u);
  EXPECT_EQ(rows->front().total_tokens, 3);
  EXPECT_FALSE(read_shape_rows(written.bytes().substr(1)).ok());
}

TEST(OutlineShelf, KeepsWhatWasUsedLastWithinItsBytes) {
  OutlineShelf shelf;
  std::vector<ShapeRow> rows;
  for (std::uint64_t i = 1; i <= 600'000; ++i)
    rows.push_back(row(i, 1, static_cast<std::int64_t>(i), 1));
  const auto large = std::make_shared<const Outline>(rows);
  ASSERT_GT(large->bytes() * 8, 256u << 20) << "the test needs larger outlines";
  for (std::uint64_t id = 1; id <= 8; ++id) {
    shelf.put({0, id}, {.ids = {}, .outline = large});
    EXPECT_TRUE(shelf.find({0, 1}).has_value()) << "used all the time";
  }
  EXPECT_FALSE(shelf.find({0, 2}).has_value());
  EXPECT_TRUE(shelf.find({0, 8}).has_value());
}

}  // namespace
}  // namespace catalejo::query
