// Queues, their labels and answers: what Datadog's client sends and our page.
#include "api_fixture.hpp"

namespace catalejo::test {
namespace {

constexpr const char* kRoot = "/api/v2/llm-obs/v1/annotation-queues";

class QueuesApiTest : public ApiTest {
 protected:
  static std::string body(const std::string& attributes) {
    return R"({"data":{"type":"x","attributes":)" + attributes + "}}";
  }
  net::Response send(const std::string& method, const std::string& path,
                     const std::string& attributes) {
    return ask(method, kRoot + path, {}, body(attributes));
  }
  // A queue with a label of each type; its id.
  std::string make(const std::string& more = "") {
    const auto made = send("POST", "",
                           R"({"name":"Tono","author":"Ana","annotation_schema":
      {"label_schemas":[
        {"name":"good","type":"boolean","is_required":true,"has_assessment":true,
         "is_assessment":true},
        {"name":"tone","type":"categorical","values":["kind","rude"],"has_reasoning":true},
        {"name":"topics","type":"categorical","values":["a","b","c"],"multiple":true},
        {"name":"stars","type":"score","min":1,"max":5,"step":0.5},
        {"name":"note","type":"text"}]})" +
                               more + "}");
    EXPECT_EQ(made.status, 200) << made.body;
    return text(json(made)["data"]["id"]);
  }
  std::string add(const std::string& queue, const std::string& type, const std::string& content) {
    const auto added = send("POST", "/" + queue + "/interactions",
                            R"({"author":"Ana","interactions":[{"type":")" + type +
                                R"(","content_id":")" + content + "\"}]}");
    EXPECT_EQ(added.status, 200) << added.body;
    return text(json(added)["data"]["attributes"]["interactions"].at(0)["id"]);
  }
  net::Response answer(const std::string& queue, const std::string& item, const std::string& who,
                       const std::string& values) {
    return send("POST", "/" + queue + "/annotations",
                R"({"author":")" + who + R"(","annotations":[{"interaction_id":")" + item +
                    R"(","label_values":)" + values + "}]}");
  }
};

TEST_F(QueuesApiTest, AnswersBecomeEvaluationsOfThePerson) {
  const std::string queue = make();
  const std::string item = add(queue, "span", "7:17");
  const auto given = answer(queue, item, "Ana", R"([
    {"name":"topics","value":["c","a"]},{"name":"good","value":false},
    {"name":"tone","value":"rude","reasoning":"shouts"},{"name":"stars","value":1.5},
    {"name":"note","value":"sí"}])");
  ASSERT_EQ(given.status, 200) << given.body;
  ASSERT_EQ(accepted_.size(), 1u) << given.body;
  const auto& kept = accepted_[0].evaluations;
  ASSERT_EQ(kept.size(), 5u);
  EXPECT_EQ(kept[0].label, "good");
  EXPECT_EQ(kept[0].type, model::MetricType::boolean);
  EXPECT_EQ(kept[0].assessment, "fail");
  EXPECT_EQ(kept[0].event_kind, "evaluation");
  EXPECT_EQ(kept[0].source, "catalejo/annotation");
  EXPECT_EQ(kept[0].span_id.value, 17u);
  EXPECT_EQ(kept[0].submitter, R"({"id":"Ana","type":"human","queue":")" + queue + "\"}");
  EXPECT_EQ(kept[1].text, "rude");
  EXPECT_EQ(kept[1].reasoning, "shouts");
  EXPECT_EQ(kept[2].type, model::MetricType::json);
  EXPECT_EQ(kept[2].text, R"(["a","c"])") << "in the order of the label's values";
  EXPECT_EQ(kept[3].score, 1.5);
  EXPECT_EQ(kept[4].type, model::MetricType::text);
}

TEST_F(QueuesApiTest, WhatIsNoLongerSaidIsTakenBack) {
  const std::string queue = make();
  const std::string item = add(queue, "session", "s-1");
  ASSERT_EQ(
      answer(queue, item, "Ana", R"([{"name":"good","value":true},{"name":"tone","value":"kind"}])")
          .status,
      200);
  const auto second = answer(queue, item, "Ana", R"([{"name":"good","value":true}])");
  const auto& evaluations = accepted_.back().evaluations;
  ASSERT_EQ(evaluations.size(), 2u);
  EXPECT_EQ(evaluations[0].label, "tone");
  EXPECT_EQ(evaluations[0].status, model::kWithdrawn);
  EXPECT_EQ(evaluations[1].session_id, "s-1");
  const std::string id = text(json(second)["data"]["attributes"]["annotations"].at(0)["id"]);
  const auto gone = send("POST", "/" + queue + "/annotations/delete",
                         R"({"annotation_ids":[")" + id + R"(","none"]})");
  ASSERT_EQ(gone.status, 200) << gone.body;
  EXPECT_EQ(text(json(gone)["data"]["attributes"]["annotation_ids"].at(0)), id);
  EXPECT_EQ(text(json(gone)["data"]["attributes"]["errors"].at(0)["annotation_id"]), "none");
  ASSERT_EQ(accepted_.back().evaluations.size(), 1u);
  EXPECT_EQ(accepted_.back().evaluations[0].status, model::kWithdrawn);
}

TEST_F(QueuesApiTest, ABadAnswerIsToldAndTheOthersAreKept) {
  const std::string queue = make();
  const std::string item = add(queue, "trace", "7");
  for (const auto& [values, word] :
       {std::pair{R"([])", "good"},
        {R"([{"name":"good","value":1}])", "true or false"},
        {R"([{"name":"good","value":true},{"name":"tone","value":"loud"}])", "tone"},
        {R"([{"name":"good","value":true},{"name":"topics","value":["a","z"]}])", "topics"},
        {R"([{"name":"good","value":true},{"name":"stars","value":9}])", "range"},
        {R"([{"name":"good","value":true},{"name":"stars","value":1.2}])", "steps"},
        {R"([{"name":"good","value":true},{"name":"good","value":true}])", "twice"},
        {R"([{"name":"good","value":true,"reasoning":"x"}])", "reasoning"},
        {R"([{"name":"nobody","value":true}])", "no such label"}}) {
    const auto refused = answer(queue, item, "Ana", values);
    ASSERT_EQ(refused.status, 200) << refused.body;
    const std::string error = text(json(refused)["data"]["attributes"]["errors"].at(0)["error"]);
    EXPECT_NE(error.find(word), std::string::npos) << values << ": " << error;
  }
  EXPECT_TRUE(accepted_.empty());
  const auto nowhere = answer(queue, "none", "Ana", R"([{"name":"good","value":true}])");
  EXPECT_EQ(text(json(nowhere)["data"]["attributes"]["errors"].at(0)["interaction_id"]), "none");
}

TEST_F(QueuesApiTest, SchemasThatMakeNoSenseAreRefused) {
  for (const char* label :
       {R"({"name":"a"})", R"({"name":"a.b","type":"text"})", R"({"name":"a","type":"number"})",
        R"({"name":"a","type":"categorical"})", R"({"name":"a","type":"text","values":["x"]})",
        R"({"name":"a","type":"categorical","values":["x","x"]})",
        R"({"name":"a","type":"score","min":2,"max":1})", R"({"name":"a","type":"text","min":2})",
        R"({"name":"a","type":"score","step":0})", R"({"name":"a","type":"text","multiple":true})",
        R"({"name":"a","type":"boolean","is_assessment":true})",
        R"({"name":"a","type":"text","x":1})", R"(7)"}) {
    const auto refused =
        send("POST", "",
             R"({"name":"q","annotation_schema":{"label_schemas":[)" + std::string(label) + "]}}");
    EXPECT_EQ(refused.status, 400) << label << refused.body;
  }
}

TEST_F(QueuesApiTest, AnotherQuestionIsAnotherVersionAndALateAnswerIsRefused) {
  const std::string queue = make();
  const std::string item = add(queue, "trace", "7");
  ASSERT_EQ(answer(queue, item, "Ana", R"([{"name":"good","value":true}])").status, 200);
  const auto hint = send("PUT", "/" + queue + "/label-schema",
                         R"({"annotation_schema":{"label_schemas":[
                            {"name":"good","type":"boolean","description":"?"}]}})");
  ASSERT_EQ(hint.status, 200) << hint.body;
  EXPECT_EQ(text(json(hint)["data"]["attributes"]["schema_version"]), "2");
  const auto late = send("POST", "/" + queue + "/annotations",
                         R"({"schema_version":1,"annotations":[{"interaction_id":")" + item +
                             R"(","label_values":[]}]})");
  EXPECT_EQ(late.status, 400);
  const auto old = get(std::string(kRoot) + "/" + queue + "/label-schema?version=1");
  EXPECT_EQ(
      json(old)["data"]["attributes"]["annotation_schema"]["label_schemas"].get_array().size(), 5u);
}

TEST_F(QueuesApiTest, ExportHasALineForEachAnswer) {
  const std::string queue = make();
  const std::string item = add(queue, "trace", "7");
  add(queue, "session", "=1+1");
  ASSERT_EQ(answer(queue, item, "Ana",
                   R"([{"name":"good","value":true},{"name":"note","value":"=cmd, \"x\""}])")
                .status,
            200);
  const auto csv = get("/api/v1/queues/" + queue + "/export?format=csv");
  ASSERT_EQ(csv.status, 200);
  EXPECT_NE(csv.body.find("skipped,good,good_assessment,tone,tone_reasoning,topics,stars,note\r\n"),
            std::string::npos)
      << csv.body;
  EXPECT_NE(csv.body.find(",false,true,pass,,,,,\"'=cmd, \"\"x\"\"\"\r\n"), std::string::npos)
      << csv.body;
  EXPECT_NE(csv.body.find(",session,,,'=1+1,,,,"), std::string::npos) << csv.body;
  EXPECT_EQ(get("/api/v1/queues/" + queue + "/export?format=xml").status, 400);
}

TEST_F(QueuesApiTest, ItemsAreNamedInOneForm) {
  const std::string queue = make();
  EXPECT_EQ(add(queue, "trace", "7"), add(queue, "trace", "00000000000000000000000000000007"));
  for (const char* item :
       {R"({"type":"trace","content_id":"zz"})", R"({"type":"span","content_id":"7"})",
        R"({"type":"session","content_id":""})", R"({"type":"display_block"})",
        R"({"type":"display_block","content_id":"7"})", R"([])"})
    EXPECT_EQ(send("POST", "/" + queue + "/interactions",
                   R"({"interactions":[)" + std::string(item) + "]}")
                  .status,
              400)
        << item;
}

TEST_F(QueuesApiTest, ARuleIsSetSeenAndRemoved) {
  const std::string path = "/api/v1/queues/" + make() + "/rule";
  EXPECT_EQ(get(path).body, R"({"rule":null,"days":[]})");
  const auto set = ask("PUT", path, {},
                       R"({"filter":"ml_app=shop&query=@status:error","sample":0.25,
                           "daily_max":20,"author":"Ana"})");
  ASSERT_EQ(set.status, 200) << set.body;
  const auto rule = json(get(path))["rule"];
  EXPECT_EQ(text(rule["filter"]), "ml_app=shop&query=@status:error");
  EXPECT_EQ(text(rule["type"]), "trace") << "as the list has its rows";
  EXPECT_EQ(text(rule["author"]), "Ana");
  EXPECT_EQ(text(rule["sample"]), "0.25");
  EXPECT_EQ(text(rule["daily_max"]), "20");
  const auto spans = ask("PUT", path, {}, R"({"filter":"view=spans"})");
  EXPECT_EQ(text(json(spans)["rule"]["type"]), "span");
  EXPECT_EQ(text(json(spans)["rule"]["daily_max"]), "100");
  EXPECT_EQ(ask("DELETE", path, {}, "").body, R"({"rule":null,"days":[]})");
  EXPECT_EQ(get(path).body, R"({"rule":null,"days":[]})");
}

TEST_F(QueuesApiTest, ARuleThatMakesNoSenseIsRefused) {
  const std::string queue = "/api/v1/queues/" + make();
  for (const char* rule :
       {R"({"filter":"nonsense=1"})", R"({"filter":"query=("})", R"({"sample":0})",
        R"({"sample":1.5})", R"({"sample":"x"})", R"({"daily_max":0})", R"({"daily_max":1e9})",
        R"({"type":"user"})", R"({"filter":7})", R"({"other":1})", R"([])", "{"}) {
    const auto refused = ask("PUT", queue + "/rule", {}, rule);
    EXPECT_EQ(refused.status, 400) << rule << refused.body;
  }
  const auto longer =
      ask("PUT", queue + "/rule", {}, R"({"filter":"query=)" + std::string(10'000, 'x') + "\"}");
  EXPECT_EQ(longer.status, 400);
  EXPECT_EQ(ask("PUT", "/api/v1/queues/none/rule", {}, "{}").status, 404);
  EXPECT_EQ(get("/api/v1/queues/none/rule").status, 404);
  EXPECT_EQ(get(queue + "/rule").body, R"({"rule":null,"days":[]})");
}

}  // namespace
}  // namespace catalejo::test
