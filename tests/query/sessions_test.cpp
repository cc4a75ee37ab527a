#include "query/sessions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "row_writer.hpp"

namespace catalejo::query {
namespace {

using test::RowWriter;
using ::testing::HasSubstr;
using ::testing::Not;

const SessionCursor kCursor{1'795'472'913'308'242'728, "sesión ' \n 7"};

TEST(SessionCursor, ComesBackAsItWas) {
  const auto parsed = parse_session_cursor(encode_session_cursor(kCursor));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, kCursor);
}

TEST(SessionCursor, RefusesEverythingElse) {
  const std::string good = encode_session_cursor({5, "ab"});
  EXPECT_FALSE(parse_session_cursor(good + "0"));
  EXPECT_FALSE(parse_session_cursor(good.substr(0, good.size() - 4)));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = 'z';
    EXPECT_FALSE(parse_session_cursor(bad)) << at;
  }
}

TEST(SessionsPlan, GroupsWhatNamesASessionAndStartsBehindTheCursor) {
  SessionsPlan plan;
  plan.filter.view = View::spans;
  plan.rows_max = 51;
  const Statement first = plan_sessions(plan);
  EXPECT_THAT(first.sql, HasSubstr("AND session_id != '')\nGROUP BY session_id"));
  EXPECT_THAT(first.sql,
              HasSubstr("ORDER BY toUnixTimestamp64Nano(last) DESC, session_id DESC\nLIMIT 51"));
  EXPECT_THAT(first.sql, Not(HasSubstr("HAVING")));
  plan.after = kCursor;
  const Statement second = plan_sessions(plan);
  EXPECT_THAT(second.sql, HasSubstr("HAVING (toUnixTimestamp64Nano(last), session_id) < ("));
  // What a client sent is a parameter, never part of the statement.
  EXPECT_THAT(second.sql, Not(HasSubstr("sesión")));
}

std::string row_bytes(std::string_view id) {
  RowWriter row;
  row.text(id).number(std::int64_t{10}).number(std::int64_t{90}).number(std::int64_t{55});
  for (const std::uint64_t count : {3u, 1u, 12u, 2u, 4u}) row.number(count);
  for (const std::int64_t sum : {100, 20, 120, -1}) row.number(sum);
  row.text("ana").text("shop");
  return row.bytes();
}

TEST(Sessions, AreReadWithTheirTexts) {
  auto sessions = read_sessions(row_bytes("s1") + row_bytes("s2"));
  ASSERT_TRUE(sessions);
  ASSERT_EQ(sessions->size(), 2u);
  EXPECT_EQ(sessions->front().traces, 3u);
  EXPECT_EQ(sessions->front().failed_traces, 1u);
  EXPECT_EQ(sessions->front().total_tokens, 120);
  EXPECT_EQ(sessions->front().cost_nano_usd, kUnknown);
  RowWriter texts;
  texts.text("s2").text("question").text("answer").text("gone").text("").text("");
  ASSERT_TRUE(read_session_texts(texts.bytes(), *sessions));
  EXPECT_EQ(sessions->back().output, "answer");
  EXPECT_EQ(sessions->front().input, "");
}

TEST(Sessions, AreRefusedWhenTheAnswerIsCutAnywhere) {
  const std::string whole = row_bytes("s1");
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_FALSE(read_sessions(whole.substr(0, size))) << size;
}

}  // namespace
}  // namespace catalejo::query
