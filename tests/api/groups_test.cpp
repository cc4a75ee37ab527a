#include "../query/row_writer.hpp"
#include "api_fixture.hpp"

namespace catalejo::test {
namespace {

using ::testing::HasSubstr;

std::string group(std::string_view id, std::int64_t last) {
  RowWriter row;
  row.text(id).number(std::int64_t{10}).number(last).number(std::int64_t{55});
  for (const std::uint64_t count : {3u, 1u, 12u, 2u, 4u}) row.number(count);
  for (const std::int64_t sum : {100, 20, 120, -1}) row.number(sum);
  row.number(std::uint64_t{1}).text("").text("shop");
  return row.bytes();
}

TEST_F(ApiTest, ListsSessionsAPageAtATime) {
  RowWriter texts;
  texts.text("a").text(R"({"value":"¿Dónde está?"})").text(R"({"value":"Aquí"})");
  RowWriter feedback;
  feedback.text("a").number(std::uint64_t{2}).number(std::uint64_t{1}).number(std::uint64_t{1});
  const std::string no_calls;  // asked first: the kinds of calls, to price them
  store_.answers = {no_calls, group("a", 90) + group("b", 80), texts.bytes(), feedback.bytes()};
  const net::Response first = get("/api/v1/sessions?limit=1&service=shop");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_THAT(first.body, HasSubstr(R"("session_id":"a","user_id":null)"));
  EXPECT_THAT(first.body,
              HasSubstr(R"("feedback":{"count":2,"good":1,"bad":1},"input":"¿Dónde está?")"));
  const std::string next = text(json(first)["next"]);
  store_.answers = {no_calls, group("b", 80), std::string(), std::string()};
  const net::Response second = get("/api/v1/sessions?limit=1&cursor=" + next);
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(text(json(second)["next"]), "null");
  EXPECT_THAT(store_.asked.at(5), HasSubstr("HAVING (toUnixTimestamp64Nano(last), id) < "));
}

TEST_F(ApiTest, ListsUsersSortedByTheirSessions) {
  store_.answers = {std::string(), group("ana", 90), std::string(), std::string()};
  const net::Response page = get("/api/v1/users?sort=-sessions");
  ASSERT_EQ(page.status, 200) << page.body;
  EXPECT_THAT(page.body, HasSubstr(R"("user_id":"ana","sessions":1)"));
  EXPECT_THAT(store_.asked.at(1), HasSubstr("ORDER BY toInt64(sessions) DESC"));
  // A session has no number of sessions to be sorted by.
  EXPECT_EQ(get("/api/v1/sessions?sort=-sessions").status, 400);
  EXPECT_THAT(get("/api/v1/users?query=@nope:1").body, HasSubstr(R"("query":{)"));
}

TEST_F(ApiTest, RefusesWhatIsNoCursorOfSessions) {
  EXPECT_EQ(get("/api/v1/sessions?cursor=c1").status, 400);
  EXPECT_EQ(get("/api/v1/sessions?sort=start").status, 400);
  EXPECT_TRUE(store_.asked.empty());
  store_.answers = {std::string(), std::string("\x01garbage")};
  EXPECT_EQ(get("/api/v1/sessions").status, 500);
}

}  // namespace
}  // namespace catalejo::test
