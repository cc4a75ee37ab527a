// What people keep and judge: /api/v1/views, /api/v1/feedback.
#include "api_fixture.hpp"

namespace catalejo::test {
namespace {

using FeedbackTest = ApiTest;

TEST_F(FeedbackTest, BecomesAnEvaluationOfThePerson) {
  const auto answer = ask("POST", "/api/v1/feedback", {}, R"({
    "trace_id": "6b04c2f5a9e84d1f8a7b6c5d4e3f2a25", "span_id": "17", "name": "thumbs",
    "value": true, "assessment": "pass", "comment": "sí", "author": "Ana", "ml_app": "bot"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  ASSERT_EQ(accepted_.size(), 1u);
  EXPECT_EQ(accepted_[0].evaluations_received, 1u);
  const model::Evaluation& kept = accepted_[0].evaluations.at(0);
  EXPECT_EQ(kept.label, "thumbs");
  EXPECT_EQ(kept.event_kind, "feedback");
  EXPECT_EQ(kept.scope, "span");
  EXPECT_EQ(kept.type, model::MetricType::boolean);
  EXPECT_EQ(kept.score, 1);
  EXPECT_EQ(kept.text, "true");
  EXPECT_EQ(kept.reasoning, "sí");
  EXPECT_EQ(kept.submitter, R"({"id":"Ana","type":"human"})");
  EXPECT_EQ(text(json(answer)["id"]), to_hex(kept.id));
}

TEST_F(FeedbackTest, TheTypeIsTheValues) {
  const std::string about = R"({"session_id":"s","name":"n",)";
  for (const auto& [rest, type] : {std::pair{R"("value":0.5})", model::MetricType::score},
                                   {R"("value":"tono"})", model::MetricType::categorical},
                                   {R"("value":"largo","type":"text"})", model::MetricType::text},
                                   {R"("value":false})", model::MetricType::boolean}}) {
    ASSERT_EQ(ask("POST", "/api/v1/feedback", {}, about + rest).status, 200) << rest;
    EXPECT_EQ(accepted_.back().evaluations.at(0).type, type) << rest;
    EXPECT_EQ(accepted_.back().evaluations.at(0).scope, "session");
  }
}

TEST_F(FeedbackTest, ALaterOneIsLaterAndTakingBackIsAnEvaluationToo) {
  const std::string about = R"({"trace_id":"7","name":"thumbs","author":"Ana",)";
  for (const char* rest : {R"("value":true})", R"("value":true})", R"("withdrawn":true})"})
    ASSERT_EQ(ask("POST", "/api/v1/feedback", {}, about + rest).status, 200);
  ASSERT_EQ(accepted_.size(), 3u);
  const auto& first = accepted_[0].evaluations.at(0);
  const auto& second = accepted_[1].evaluations.at(0);
  const auto& last = accepted_[2].evaluations.at(0);
  EXPECT_LT(first.timestamp.value, second.timestamp.value);
  EXPECT_LT(second.timestamp.value, last.timestamp.value);
  EXPECT_NE(first.id, second.id) << "the same again is no duplicate";
  EXPECT_EQ(last.status, model::kWithdrawn);
  EXPECT_EQ(last.scope, "trace");
}

TEST_F(FeedbackTest, WhatMakesNoSenseIsRefusedByField) {
  for (const auto& [body, where] :
       {std::pair{R"({"name":"x","value":1})", "trace_id"},
        {R"({"trace_id":"7","session_id":"s","name":"x","value":1})", "trace_id"},
        {R"({"span_id":"7","session_id":"s","name":"x","value":1})", "trace_id"},
        {R"({"trace_id":"zz!","name":"x","value":1})", "trace_id"},
        {R"({"trace_id":7,"name":"x","value":1})", "trace_id"},
        {R"({"trace_id":"7","value":1})", "name"},
        {R"({"trace_id":"7","name":"a.b","value":1})", "name"},
        {R"({"trace_id":"7","name":"x"})", "value"},
        {R"({"trace_id":"7","name":"x","value":[1]})", "value"},
        {R"({"trace_id":"7","name":"x","value":1,"type":"score"})", "type"},
        {R"({"trace_id":"7","name":"x","value":1,"assessment":"so so"})", "assessment"},
        {R"({"trace_id":"7","name":"x","value":1,"withdrawn":"yes"})", "withdrawn"},
        {R"({"trace_id":"7","name":"x","value":1,"who":"x"})", "who"},
        {R"([])", "body"}}) {
    const auto answer = ask("POST", "/api/v1/feedback", {}, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(text(json(answer)["errors"].at(0)["where"]), where) << body;
  }
  EXPECT_EQ(ask("POST", "/api/v1/feedback", {}, std::string(80'000, ' ')).status, 413);
  EXPECT_TRUE(accepted_.empty());
}

TEST_F(FeedbackTest, ViewsAreKeptAndListed) {
  const auto made =
      ask("POST", "/api/v1/views", {}, R"({"name":"Fallos","path":"/traces","query":"q=1"})");
  ASSERT_EQ(made.status, 200) << made.body;
  const std::string id = text(json(made)["id"]);
  const auto listed = get("/api/v1/views");
  EXPECT_EQ(text(json(listed)["views"].at(0)["name"]), "Fallos");
  EXPECT_EQ(text(json(listed)["views"].at(0)["id"]), id);
  EXPECT_EQ(ask("DELETE", "/api/v1/views/" + id).status, 200);
  EXPECT_EQ(ask("DELETE", "/api/v1/views/" + id).status, 404);
  EXPECT_EQ(ask("POST", "/api/v1/views", {}, R"({"name":"x","path":"https://e"})").status, 400);
}

}  // namespace
}  // namespace catalejo::test
