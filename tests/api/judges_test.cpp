// Judges: made, edited, published, removed; what is refused says where.
#include "api_fixture.hpp"

namespace catalejo::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kJudges = "/api/v1/judges";
constexpr const char* kDraft =
    R"({"label":"useful","prompt":[{"role":"user","text":"{{span_output}}"}]})";

class JudgesApiTest : public ApiTest {
 protected:
  std::string where_of(const net::Response& answer) {
    return ApiTest::text(json(answer)["errors"].at(0)["where"]);
  }
  std::string listed(const char* field) {
    return ApiTest::text(json(get(kJudges))["judges"].at(0)[field]);
  }
};

TEST_F(JudgesApiTest, ADraftIsPublishedEditedAndTakenBack) {
  const auto made =
      ask("POST", kJudges, {}, std::string(R"({"name":"Useful?","draft":)") + kDraft + "}");
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(listed("version"), "null");
  EXPECT_EQ(ask("POST", "/api/v1/judges/1/publish").status, 200);
  EXPECT_EQ(listed("version"), "1");
  EXPECT_EQ(listed("changed"), "false");
  const auto edited = ask("PUT", "/api/v1/judges/1", {}, R"({"name":"Useful"})");
  EXPECT_EQ(edited.status, 200) << edited.body;
  EXPECT_EQ(listed("name"), "Useful");
  EXPECT_EQ(listed("changed"), "false");
  EXPECT_EQ(ask("POST", "/api/v1/judges/1/unpublish").status, 200);
  EXPECT_EQ(listed("published"), "null");
  EXPECT_EQ(ask("DELETE", "/api/v1/judges/1").status, 200);
  EXPECT_EQ(ask("DELETE", "/api/v1/judges/1").status, 404);
}

TEST_F(JudgesApiTest, TemplatesAreDraftsThatCanBeSaved) {
  const auto answer = get(kJudges);
  std::vector<std::string> drafts;
  for (const auto each : json(answer)["templates"].get_array())
    drafts.push_back(simdjson::minify(each));
  ASSERT_EQ(drafts.size(), 9U);
  for (const std::string& draft : drafts) {
    const std::string body = R"({"name":")" + std::to_string(draft.size()) +
                             std::to_string(&draft - drafts.data()) + R"(","draft":)" + draft + "}";
    EXPECT_EQ(ask("POST", kJudges, {}, body).status, 200) << draft;
  }
}

TEST_F(JudgesApiTest, RefusesWithThePlace) {
  const std::string draft = kDraft;
  for (const auto& [body, where] : {std::pair<std::string, std::string>{"{}", "name"},
                                    {R"({"name":"","draft":)" + draft + "}", "name"},
                                    {R"({"name":"x","draft":{"label":"x"}})", "prompt"},
                                    {R"({"name":"x","draft":[]})", "draft"},
                                    {R"({"name":"x","drafts":{}})", "drafts"}}) {
    const auto answer = ask("POST", kJudges, {}, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(where_of(answer), where) << answer.body;
  }
  EXPECT_EQ(ask("PUT", "/api/v1/judges/9", {}, R"({"name":"x"})").status, 404);
  EXPECT_EQ(ask("POST", "/api/v1/judges/9/publish").status, 404);
  for (const auto& [body, where] :
       {std::pair<std::string, std::string>{"{}", "judge"},
        {R"({"judge":)" + draft + "}", "trace_id"},
        {R"({"judge":)" + draft + R"(,"trace_id":"1"})", "span_id"},
        {R"({"judge":)" + draft + R"(,"trace_id":"x","span_id":"1"})", "trace_id"},
        {R"({"judge":{},"trace_id":"1","span_id":"1"})", "label"}}) {
    const auto answer = ask("POST", "/api/v1/judges/try", {}, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(where_of(answer), where) << answer.body;
  }
  for (const char* body :
       {"{}", R"({"spans":[{"trace_id":"1"}]})", R"({"spans":{}})", R"({"traces":["?"]})"})
    EXPECT_EQ(ask("POST", "/api/v1/judges/1/run", {}, body).status, 400) << body;
}

// As the engine will call it. The store of the test has no span to read, so nothing is asked.
TEST_F(JudgesApiTest, SpansThatAreOfferedAreAccountedFor) {
  ASSERT_EQ(ask("POST", kJudges, {}, std::string(R"({"name":"a","draft":)") + kDraft + "}").status,
            200);
  ASSERT_EQ(ask("POST", "/api/v1/judges/1/publish").status, 200);
  auto opened = evaluate::judge::Runner::open(
      {.control = judges_.get(),
       .store = &store_,
       .counters = &counters_,
       .accept = [this](model::Batch batch) { return accept(std::move(batch)); },
       .deployments = {.endpoint = {.endpoint = "http://127.0.0.1:1", .key = "k"},
                       .names = {"prod"}}});
  ASSERT_TRUE(opened) << to_string(opened.error());
  evaluate::judge::Runner& runner = **opened;
  evaluate::Subject subject;
  subject.trace_id = {1, 2};
  subject.span_id = {3};
  subject.start = now();
  subject.ml_app = "shop";
  subject.kind = "tool";
  runner.offer(subject);  // not meant: counted nowhere
  subject.kind = "llm";
  subject.ml_app = evaluate::judge::kOwnApp;
  runner.offer(subject);  // nor is a judge's own call
  subject.ml_app = "shop";
  runner.offer(subject);
  runner.offer(subject);
  runner.stop();
  runner.offer(subject);
  const auto today = runner.today();
  std::int64_t accounted = 0;
  for (const auto& [what, amount] : today.at(1)) accounted += amount;
  EXPECT_EQ(accounted, 3);
  EXPECT_GE(today.at(1).at("stopped"), 1);
  EXPECT_TRUE(accepted_.empty());
}

}  // namespace
}  // namespace catalejo::test
