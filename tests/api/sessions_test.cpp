#include "../query/row_writer.hpp"
#include "api_fixture.hpp"

namespace catalejo::test {
namespace {

using ::testing::HasSubstr;

std::string session(std::string_view id, std::int64_t last) {
  RowWriter row;
  row.text(id).number(std::int64_t{10}).number(last).number(std::int64_t{55});
  for (const std::uint64_t count : {3u, 1u, 12u, 2u, 4u}) row.number(count);
  for (const std::int64_t sum : {100, 20, 120, -1}) row.number(sum);
  row.text("").text("shop");
  return row.bytes();
}

TEST_F(ApiTest, ListsSessionsAPageAtATime) {
  RowWriter texts;
  texts.text("a").text(R"({"value":"¿Dónde está?"})").text(R"({"value":"Aquí"})");
  const std::string no_calls;  // asked first: the kinds of calls, to price them
  store_.answers = {no_calls, session("a", 90) + session("b", 80), texts.bytes()};
  const net::Response first = get("/api/v1/sessions?limit=1&service=shop");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_THAT(first.body, HasSubstr(R"("session_id":"a","user_id":null)"));
  EXPECT_THAT(first.body, HasSubstr(R"("cost_usd":null,"input":"¿Dónde está?")"));
  const std::string next = text(json(first)["next"]);
  store_.answers = {no_calls, session("b", 80), std::string()};
  const net::Response second = get("/api/v1/sessions?limit=1&cursor=" + next);
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(text(json(second)["next"]), "null");
  EXPECT_THAT(store_.asked.at(4), HasSubstr("HAVING (toUnixTimestamp64Nano(last), session_id) < "));
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
