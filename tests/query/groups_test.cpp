#include "query/groups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "row_writer.hpp"

namespace catalejo::query {
namespace {

using test::RowWriter;
using ::testing::HasSubstr;
using ::testing::Not;

const GroupCursor kCursor{1'795'472'913'308'242'728, "sesión ' \n 7"};

TEST(GroupCursor, ComesBackAsItWas) {
  const auto parsed = parse_group_cursor(encode_group_cursor(kCursor));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, kCursor);
}

TEST(GroupCursor, RefusesEverythingElse) {
  const std::string good = encode_group_cursor({5, "ab"});
  EXPECT_FALSE(parse_group_cursor(good + "0"));
  EXPECT_FALSE(parse_group_cursor(good.substr(0, good.size() - 4)));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = 'z';
    EXPECT_FALSE(parse_group_cursor(bad)) << at;
  }
}

TEST(GroupsPlan, GroupsWhatNamesASessionAndStartsBehindTheCursor) {
  GroupsPlan plan;
  plan.filter.view = View::spans;
  plan.rows_max = 51;
  const Statement first = plan_groups(plan);
  EXPECT_THAT(first.sql, HasSubstr("AND session_id != '')\nGROUP BY id"));
  EXPECT_THAT(first.sql, HasSubstr("ORDER BY toUnixTimestamp64Nano(last) DESC, id DESC\nLIMIT 51"));
  EXPECT_THAT(first.sql, Not(HasSubstr("HAVING")));
  plan.after = kCursor;
  const Statement second = plan_groups(plan);
  EXPECT_THAT(second.sql, HasSubstr("HAVING (toUnixTimestamp64Nano(last), id) < ("));
  // What a client sent is a parameter, never part of the statement.
  EXPECT_THAT(second.sql, Not(HasSubstr("sesión")));
}

TEST(GroupsPlan, TakesAUserFromTheTraceWhereASpanNamesNone) {
  GroupsPlan plan;
  plan.group = GroupBy::user;
  plan.filter.view = View::spans;
  ASSERT_TRUE(plan.filter.add_value(*find_field("user"), "ana"));
  ASSERT_TRUE(plan.filter.add_value(*find_field("user"), "-bot"));
  const Statement users = plan_groups(plan);
  EXPECT_THAT(users.sql, HasSubstr("if(user_id != '', user_id, trace_user) AS person"));
  EXPECT_THAT(users.sql, HasSubstr("person IN {"));
  EXPECT_THAT(users.sql, HasSubstr("person NOT IN {"));
  EXPECT_THAT(users.sql, Not(HasSubstr("user_id IN")));
  // Who asks for the sessions of a user gets all of them, not their roots alone.
  plan.group = GroupBy::session;
  EXPECT_THAT(plan_groups(plan).sql, HasSubstr("AS owners USING (trace_id)"));
  plan.filter.fields.clear();
  EXPECT_THAT(plan_groups(plan).sql, Not(HasSubstr("owners")));
}

std::string row_bytes(std::string_view id) {
  RowWriter row;
  row.text(id).number(std::int64_t{10}).number(std::int64_t{90}).number(std::int64_t{55});
  for (const std::uint64_t count : {3u, 1u, 12u, 2u, 4u}) row.number(count);
  for (const std::int64_t sum : {100, 20, 120, -1}) row.number(sum);
  row.number(std::uint64_t{1}).text("ana").text("shop");
  return row.bytes();
}

TEST(Groups, AreReadWithTheirTextsAndFeedback) {
  auto groups = read_groups(row_bytes("s1") + row_bytes("s2"));
  ASSERT_TRUE(groups);
  ASSERT_EQ(groups->size(), 2u);
  EXPECT_EQ(groups->front().traces, 3u);
  EXPECT_EQ(groups->front().failed_traces, 1u);
  EXPECT_EQ(groups->front().total_tokens, 120);
  EXPECT_EQ(groups->front().cost_nano_usd, kUnknown);
  RowWriter texts;
  texts.text("s2").text("question").text("answer").text("gone").text("").text("");
  ASSERT_TRUE(read_group_texts(texts.bytes(), *groups));
  EXPECT_EQ(groups->back().output, "answer");
  EXPECT_EQ(groups->front().input, "");
  RowWriter said;
  said.text("s1").number(std::uint64_t{5}).number(std::uint64_t{3}).number(std::uint64_t{1});
  ASSERT_TRUE(read_group_feedback(said.bytes(), *groups));
  EXPECT_EQ(groups->front().judged, 5u);
  EXPECT_EQ(groups->front().disliked, 1u);
  EXPECT_EQ(groups->back().judged, 0u);
}

TEST(Groups, AreRefusedWhenTheAnswerIsCutAnywhere) {
  const std::string whole = row_bytes("s1");
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_FALSE(read_groups(whole.substr(0, size))) << size;
}

}  // namespace
}  // namespace catalejo::query
