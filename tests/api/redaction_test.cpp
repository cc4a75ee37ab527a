// Rules of redaction: made, tried, undone; what is refused says where.
#include "api_fixture.hpp"

namespace catalejo::test {
namespace {

constexpr const char* kRules = "/api/v1/redaction/rules";

class RedactionApiTest : public ApiTest {
 protected:
  std::string tried(const std::string& text, const std::string& more = "") {
    const auto answer = ask("POST", "/api/v1/redaction/test", {},
                            R"({"app":"shop","text":")" + text + "\"" + more + "}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return ApiTest::text(json(answer)["text"]);
  }
};

TEST_F(RedactionApiTest, RulesHoldAtOnceAndAreUndone) {
  EXPECT_EQ(tried("a@example.com"), "a@example.com");
  EXPECT_EQ(tried("a@example.com", R"(,"rule":{"target":"email","action":"drop"})"), "[email]");
  const auto made = ask("POST", kRules, {}, R"({"app":"shop*","target":"pii","action":"mask"})");
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(tried("to a@example.com"), "to [email]");
  EXPECT_EQ(ask("DELETE", std::string(kRules) + "/1").status, 200);
  EXPECT_EQ(tried("a@example.com"), "a@example.com");
  const auto listed = get("/api/v1/redaction");
  EXPECT_EQ(ApiTest::text(json(listed)["history"].at(0)["removed"]), "true");
  EXPECT_EQ(ask("POST", "/api/v1/redaction/history/2/undo").status, 200);
  EXPECT_EQ(tried("a@example.com"), "[email]");
}

TEST_F(RedactionApiTest, RefusesWithThePlace) {
  for (const auto& [body, where] :
       {std::pair{R"({"target":"nothing","action":"mask"})", "target"},
        {R"({"target":"pii","action":"burn"})", "action"},
        {R"({"target":"pattern","action":"mask","name":"x","pattern":"("})", "pattern"},
        {R"({"target":"pattern","action":"mask","name":"Ñ","pattern":"x"})", "name"},
        {R"({"target":"pii","action":"mask","app":""})", "app"},
        {R"({"target":"pii","action":"mask","enabled":"yes"})", "enabled"}}) {
    const auto answer = ask("POST", kRules, {}, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(ApiTest::text(json(answer)["errors"].at(0)["where"]), where) << answer.body;
  }
  EXPECT_EQ(ask("DELETE", std::string(kRules) + "/77").status, 404);
}

}  // namespace
}  // namespace catalejo::test
