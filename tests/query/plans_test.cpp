#include "query/plans.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "query/answers.hpp"
#include "row_writer.hpp"
#include "store/columns.hpp"

namespace catalejo::query {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const UnixNanos kNow = *parse_rfc3339("2026-11-24T04:00:00Z");
const Cursor kCursor{{1'795'472'913'308'242'728}, {18'446'744'073'709'551'615u}, {7, 0xFFFF}};

TEST(Cursor, ComesBackAsItWas) {
  const auto parsed = parse_cursor(encode_cursor(kCursor));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, kCursor);
}

TEST(Cursor, RefusesEverythingElse) {
  const std::string good = encode_cursor(kCursor);
  EXPECT_FALSE(parse_cursor(good + "0"));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(parse_cursor(good.substr(0, size))) << size;
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = 'z';
    EXPECT_FALSE(parse_cursor(bad)) << at;
  }
}

TEST(ListPlan, ReadsInTheOrderOfTheKeyAndStartsBehindTheCursor) {
  ListPlan list;
  list.rows_max = 51;
  list.after = kCursor;
  const Statement newest = plan_list(list);
  EXPECT_THAT(newest.sql, HasSubstr("ORDER BY start DESC, span_id DESC, trace_id DESC\nLIMIT 51"));
  EXPECT_THAT(newest.sql, HasSubstr("AND start <= fromUnixTimestamp64Nano("));
  EXPECT_THAT(newest.sql, HasSubstr("OR span_id < "));
  list.order = Order::oldest_first;
  const Statement oldest = plan_list(list);
  EXPECT_THAT(oldest.sql, HasSubstr("ORDER BY start ASC"));
  EXPECT_THAT(oldest.sql, HasSubstr("AND start >= fromUnixTimestamp64Nano("));
}

TEST(ListPlan, ReadsLongTextsOnlyWhenAskedFor) {
  EXPECT_THAT(span_columns(Columns::all), Not(HasSubstr("length(input)")));
  EXPECT_THAT(span_columns(Columns::list), HasSubstr("if(length(input) <= "));
  EXPECT_THAT(span_columns(Columns::list), Not(HasSubstr(", error_stack")));
}

TEST(Plans, NameOnlyColumnsThatTheTableHas) {
  const auto has = [](auto columns, std::string_view name) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const store::Column& column) { return column.name == name; });
  };
  const auto each = [](std::string_view list, auto check) {
    while (!list.empty()) {
      const std::string_view name = list.substr(0, list.find(", "));
      check(name);
      list.remove_prefix(std::min(list.size(), name.size() + 2));
    }
  };
  std::size_t count = 0;
  each(span_columns(Columns::all), [&](std::string_view name) {
    ++count;
    EXPECT_TRUE(has(store::kSpanColumns, name) || has(store::kDerivedSpanColumns, name)) << name;
  });
  // All but the prompt, which stands in the input, too.
  EXPECT_EQ(count + 1, store::kSpanColumns.size() + store::kDerivedSpanColumns.size());
  each(evaluation_columns(),
       [&](std::string_view name) { EXPECT_TRUE(has(store::kEvaluationColumns, name)) << name; });
}

TEST(FindTrace, TakesTheTimeFromAnIdThatHoldsOne) {
  EXPECT_EQ(start_of_id({0x6B046490ull << 32, 1}, kNow)->value, 1'795'450'000'000'000'000);
  EXPECT_FALSE(start_of_id({0, 1}, kNow));                    // 64-bit id
  EXPECT_FALSE(start_of_id({0xDEADBEEFull << 32, 1}, kNow));  // in the year 2088
  EXPECT_FALSE(start_of_id({0x00000001ull << 32, 1}, kNow));  // in the year 1970
}

TEST(Cursor, OfASortedListComesBackWithItsValue) {
  Cursor cursor = kCursor;
  cursor.value = -1;
  EXPECT_EQ(*parse_cursor(encode_cursor(cursor)), cursor);
  EXPECT_FALSE(parse_cursor("v1" + encode_cursor(kCursor).substr(2)));
  EXPECT_FALSE(parse_cursor("c1" + encode_cursor(cursor).substr(2)));
}

TEST(SortedPlan, JoinsWholeTracesOnlyWhereTheyAreAskedFor) {
  ListPlan plan;
  plan.rows_max = 10;
  plan.by = SortBy::tokens;
  EXPECT_THAT(plan_sorted_keys(plan).sql, HasSubstr("JOIN"));
  plan.by = SortBy::duration;
  EXPECT_THAT(plan_sorted_keys(plan).sql, Not(HasSubstr("JOIN")));
  plan.by = SortBy::tokens;
  plan.filter.view = View::spans;
  plan.after = Cursor{{1}, {2}, {3, 4}, 5};
  const std::string sql = plan_sorted_keys(plan).sql;
  EXPECT_THAT(sql, Not(HasSubstr("JOIN")));
  EXPECT_THAT(sql, HasSubstr("(sort_value, start, span_id, trace_id) < "));
}

TEST(TracePlan, LeavesLongTextsOutOfAPartButForTheSpanThatIsAskedFor) {
  const TraceIds ids{{{1, 1}}, {{2, 2}}, {0}, {10}};
  EXPECT_THAT(plan_trace(ids, 10).sql, Not(HasSubstr("length(")));
  const PartPlan part{.spans = {{7}, {8}}, .text_bytes_max = 4096, .whole = {7}};
  const std::string sql = plan_trace_part(ids, part).sql;
  for (const std::string column : {"input", "output", "metadata", "extra", "error_stack"})
    EXPECT_THAT(sql, HasSubstr("if(length(" + column + ") <= 4096 OR span_id = {p0:UInt64}"));
}

TEST(TracePlan, IsBriefWhereItsTimeIsKnown) {
  EXPECT_EQ(plan_trace({{{1, 1}}, {{1, 1}}, {0}, {10}}, 10).lane, store::Lane::brief);
  EXPECT_EQ(plan_find_trace({1, 1}, std::pair(UnixNanos{0}, UnixNanos{10})).lane,
            store::Lane::brief);
  EXPECT_EQ(plan_find_trace({1, 1}, std::nullopt).lane, store::Lane::shared);
  EvaluationTargets targets{.traces = {{1, 1}}, .sessions = {}, .tags = {}, .spans = {}};
  EXPECT_EQ(plan_evaluations(targets).lane, store::Lane::brief);
  targets.tags = {"order:1"};
  EXPECT_EQ(plan_evaluations(targets).lane, store::Lane::shared);
}

TEST(TracePlan, ReadsTheLinesOfAWindowByTheirStartsAndNoText) {
  const TraceIds ids{{{1, 1}}, {{2, 2}}, {0}, {10}};
  const PartPlan part{.spans = {{7}}, .starts = {{5}}, .columns = Columns::line};
  const Statement statement = plan_trace_part(ids, part);
  EXPECT_THAT(statement.sql, HasSubstr("start IN (arrayMap("));
  EXPECT_THAT(statement.sql, Not(HasSubstr("input,")));
  EXPECT_THAT(statement.sql, Not(HasSubstr("toJSONString")));
}

TEST(EvaluationPlan, AsksForNothingWhenThereIsNothingToJoinOn) {
  EXPECT_THAT(plan_evaluations({}).sql, HasSubstr("WHERE false"));
  EvaluationTargets targets{{{1, 1}}, {"s"}, {"team:core"}, {{7}}};
  EXPECT_THAT(plan_evaluations(targets).sql, HasSubstr(" OR "));
  EXPECT_THAT(plan_evaluations(targets).sql, HasSubstr("span_id IN {"));
}

TEST(SeriesPlan, ChoosesALengthAPersonWouldChoose) {
  struct Case {
    std::int64_t range_s, interval_ms;
  };
  for (const auto& [range, interval] : {Case{10, 1'000},
                                        {900, 15'000},
                                        {3'600, 60'000},
                                        {86'400, 1'800'000},
                                        {7 * 86'400, 10'800'000},
                                        {0, 1'000}})
    EXPECT_EQ(choose_interval_ms({0}, {range * kNanosPerSecond}), interval) << range;
}

TEST(SeriesPlan, PutsRareGroupsTogether) {
  SeriesPlan plan;
  plan.interval_ms = 1000;
  EXPECT_THAT(plan_series(plan).sql, Not(HasSubstr("(other)")));
  plan.by = find_field("model");
  EXPECT_THAT(plan_series(plan).sql, HasSubstr("'(other)'"));
}

TEST(FacetsPlan, CountsEveryFieldInOnePass) {
  Filter filter;
  const Statement plan = plan_facets(filter, {find_field("service"), find_field("status")}, 10);
  EXPECT_THAT(plan.sql, HasSubstr("GROUPING SETS ((f0), (f1), ())"));
  EXPECT_THAT(plan.sql, HasSubstr("LIMIT 10 BY field"));
}

TEST(Totals, AddWhatTheProcessDidAroundAnLlmTrace) {
  const TraceId llm{1, 1}, other{1, 2}, apm{2, 2};
  const auto group = [](TraceId key, TraceId trace, std::uint64_t spans, std::uint64_t errors,
                        std::int64_t tokens) {
    test::RowWriter row;
    row.trace_id(key).trace_id(trace).number(spans).number(errors).number(std::uint64_t{1});
    return row.number(tokens).bytes();
  };
  const std::string body =
      group(apm, llm, 3, 0, 100) + group(apm, other, 5, 0, -1) + group(apm, {}, 2, 1, -1);
  const auto totals = read_page_totals(body, {{llm, apm}, {other, apm}, {{9, 9}, {}}});
  ASSERT_TRUE(totals);
  EXPECT_EQ(totals->at(0).spans, 5u);
  EXPECT_EQ(totals->at(0).errors, 1u);
  EXPECT_EQ(totals->at(0).tokens, 100);
  EXPECT_EQ(totals->at(1).spans, 7u);
  EXPECT_EQ(totals->at(1).tokens, kUnknown);
  EXPECT_EQ(totals->at(2).spans, 0u);
  for (std::size_t size = 1; size < body.size(); ++size) {
    const bool at_row = size % (body.size() / 3) == 0;
    EXPECT_EQ(read_page_totals(std::string_view(body).substr(0, size), {{llm, apm}}).ok(), at_row);
  }
}

}  // namespace
}  // namespace catalejo::query
