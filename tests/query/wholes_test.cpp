#include "query/wholes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/evaluation_counts.hpp"
#include "query/span_row.hpp"
#include "row_writer.hpp"

namespace catalejo::query {
namespace {

using testing::HasSubstr;
using testing::Not;

const WholesPlan kSession{.traces = {}, .sessions = {"it's mine"}, .from = {1}, .to = {2}};
const WholesPlan kTrace{.traces = {{1, 2}}, .sessions = {}, .from = {1}, .to = {2}};

TEST(Wholes, NamesAreParameters) {
  for (const Statement& statement :
       {plan_whole_steps(kSession), plan_whole_verdicts(kSession, "catalejo/x"),
        plan_whole_firsts({}, kSession, "tool")}) {
    EXPECT_THAT(statement.sql, Not(HasSubstr("mine")));
    EXPECT_THAT(statement.sql, HasSubstr("session_id IN"));
  }
  EXPECT_THAT(plan_whole_steps(kTrace).sql, HasSubstr("trace_id IN"));
}

TEST(Wholes, StepsAreReadAsTheyAreAskedFor) {
  test::RowWriter row;
  row.trace_id({1, 2}).number(std::uint64_t{3}).number(std::uint64_t{4});
  row.text("s").text("shop").text("tool").text("search");
  row.number(std::int64_t{5}).number(std::uint8_t{1});
  for (const std::uint64_t number : {6, 7, 8, 9}) row.number(number);
  const auto steps = read_whole_steps(row.bytes());
  ASSERT_TRUE(steps);
  ASSERT_EQ(steps->rows.size(), 1u);
  const WholeStep& step = steps->rows[0];
  EXPECT_EQ(step.trace_id, (TraceId{1, 2}));
  EXPECT_EQ(step.session_id, "s");
  EXPECT_EQ(step.ml_app, "shop");
  EXPECT_EQ(step.kind, "tool");
  EXPECT_EQ(step.name, "search");
  EXPECT_EQ(step.start.value, 5);
  EXPECT_TRUE(step.error);
  EXPECT_EQ(step.output_hash, 7u);
  EXPECT_EQ(step.output_bytes, 9u);
  const std::string bytes = row.bytes();
  for (std::size_t size = 1; size < bytes.size(); ++size)
    EXPECT_FALSE(read_whole_steps(bytes.substr(0, size))) << size;
}

TEST(Wholes, CountsReadTheNewestEvaluationOfEach) {
  CountsPlan plan{.from = {1}, .to = {2}, .ml_apps = {}, .wholes = {}};
  EXPECT_THAT(plan_evaluation_counts(plan).sql, Not(HasSubstr("FROM evaluations")));
  plan.wholes = {"catalejo/goal_completeness"};
  EXPECT_THAT(plan_evaluation_counts(plan).sql, HasSubstr("LIMIT 1 BY source"));
}

EvaluationRow said(std::string_view text, std::string_view scope, std::string_view version) {
  EvaluationRow row;
  row.trace_id = {1, 2};
  row.label = row.source = "catalejo/goal_completeness";
  row.scope = scope;
  row.text = text;
  row.tags.emplace_back("evaluator_version", version);
  return row;
}

TEST(Wholes, OfAWholeTheNewestOfAVersionIsShown) {
  std::vector<EvaluationRow> rows = {said("old", "session", "1"), said("other", "session", "2"),
                                     said("new", "session", "1"), said("span", "span", "1"),
                                     said("span", "span", "1")};
  rows.push_back(said("by the application", "trace", "1"));
  rows.back().source = "";
  rows.push_back(rows.back());
  keep_current(rows);
  std::vector<std::string_view> left;
  for (const EvaluationRow& row : rows) left.push_back(row.text);
  EXPECT_THAT(left, testing::ElementsAre("other", "new", "span", "span", "by the application",
                                         "by the application"));
}

}  // namespace
}  // namespace catalejo::query
