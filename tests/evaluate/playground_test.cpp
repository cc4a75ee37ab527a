// What a person asks in the playground, and what is made of the answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>

#include "evaluate/playground/completion.hpp"
#include "evaluate/playground/desk.hpp"
#include "evaluate/playground/question.hpp"

namespace catalejo::evaluate::playground {
namespace {

namespace dom = simdjson::dom;

std::string sent(std::string_view asked) {
  auto question = read_question(asked);
  EXPECT_TRUE(question) << asked;
  return question ? chat_request(*question, "chat-prod") : "";
}

TEST(PlaygroundQuestion, BecomesAChatCompletion) {
  EXPECT_EQ(sent(R"({"model_id":"x","messages":[{"role":"system","content":"Be brief."},
                    {"role":"user","content":"¿Qué?"}],"temperature":0.5,"max_tokens":20,
                    "top_p":null})"),
            R"({"model":"chat-prod","messages":[{"role":"system","content":"Be brief."},)"
            R"({"role":"user","content":"¿Qué?"}],"temperature":0.5,"max_tokens":20})");
  EXPECT_EQ(sent(R"({"messages":[{"role":"user","contents":[{"type":"text","value":{"text":"a"}},
                    {"type":"text","value":{"text":"b"}}]}]})"),
            R"({"model":"chat-prod","messages":[{"role":"user","content":"a\nb"}]})");
}

TEST(PlaygroundQuestion, CallsOfToolsAndTheirResultsGoBackToTheModel) {
  EXPECT_EQ(
      sent(R"({"messages":[{"role":"assistant","tool_calls":[{"name":"find","tool_id":"c1",
              "arguments":{"q":"é"}}]},{"role":"tool",
              "tool_results":[{"tool_id":"c1","result":"3"}]}]})"),
      R"({"model":"chat-prod","messages":[{"role":"assistant","content":"","tool_calls":[{"id":"c1",)"
      R"("type":"function","function":{"name":"find","arguments":"{\"q\":\"é\"}"}}]},)"
      R"({"role":"tool","tool_call_id":"c1","content":"3"}]})");
}

TEST(PlaygroundQuestion, ADeploymentIsNamedByEitherField) {
  EXPECT_EQ(
      read_question(R"({"model_id":"a","messages":[{"role":"user","content":"x"}]})")->deployment,
      "a");
  EXPECT_EQ(read_question(R"({"azure_openai_metadata":{"deployment_id":"b"},"model_id":"a",
                              "messages":[{"role":"user","content":"x"}]})")
                ->deployment,
            "b");
}

TEST(PlaygroundQuestion, WhatIsWrongIsNamed) {
  const std::string fine = R"("messages":[{"role":"user","content":"x"}])";
  for (const auto& [body, where] :
       {std::pair<std::string, std::string>{"{}", "messages"},
        {R"({"messages":[]})", "messages"},
        {R"({"messages":[{"role":"pirate","content":"x"}]})", "messages"},
        {R"({"messages":[{"role":"user"}]})", "messages"},
        {R"({"messages":["x"]})", "messages"},
        {R"({"messages":[{"role":"tool","content":"x"}]})", "messages"},
        {"{" + fine + R"(,"temperature":3})", "temperature"},
        {"{" + fine + R"(,"temperature":"1"})", "temperature"},
        {"{" + fine + R"(,"max_tokens":1.5})", "max_tokens"},
        {"{" + fine + R"(,"top_k":3})", "top_k"},
        {"{" + fine + R"(,"json_schema":"[1]"})", "json_schema"},
        {"{" + fine + R"(,"tools":[{}]})", "tools"},
        {"{" + fine + R"(,"model_id":1})", "model_id"},
        {"{" + fine + R"(,"colour":"red"})", "colour"},
        {"[]", "body"}}) {
    auto question = read_question(body);
    ASSERT_FALSE(question) << body;
    EXPECT_EQ(question.error().where, where) << body;
  }
  EXPECT_FALSE(read_question("{"));
}

TEST(PlaygroundCompletion, IsReadWithItsFilterAndItsTools) {
  const auto read = read_completion(
      R"({"model":"gpt-4o-2024-11-20","prompt_filter_results":[{"content_filter_results":
          {"hate":{"filtered":false,"severity":"safe"}}}],"choices":[{"finish_reason":"tool_calls",
          "content_filter_results":{"violence":{"filtered":true}},"message":{"content":null,
          "tool_calls":[{"id":"c","function":{"name":"find","arguments":"{}"}}]}}],
          "usage":{"prompt_tokens":7,"completion_tokens":-2,
          "completion_tokens_details":{"reasoning_tokens":3}}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->model, "gpt-4o-2024-11-20");
  EXPECT_EQ(read->said, "");
  EXPECT_EQ(read->finish_reason, "tool_calls");
  ASSERT_EQ(read->calls.size(), 1U);
  EXPECT_EQ(read->calls[0].name, "find");
  EXPECT_EQ(read->input_tokens, 7);
  EXPECT_EQ(read->output_tokens, 0);
  EXPECT_EQ(read->reasoning_tokens, 3);
  EXPECT_EQ(read->prompt_filter_json, R"({"hate":{"filtered":false,"severity":"safe"}})");
  EXPECT_EQ(read->answer_filter_json, R"({"violence":{"filtered":true}})");
  EXPECT_EQ(read_completion(R"({"choices":[{"message":{"refusal":"No."}}]})")->said, "No.");
  for (const std::string_view other : {"", "[]", "{}", R"({"choices":[]})", R"({"choices":1})"})
    EXPECT_EQ(read_completion(other).error().where, "answer") << other;
}

Task<Result<store::Appended>> take(model::Batch) {
  co_return store::Appended{};
}

TEST(PlaygroundDesk, WithoutADeploymentNothingIsSpent) {
  auto control = *store::Judges::open(":memory:");
  Counters counters;
  auto desk = *Desk::open({.control = control.get(), .counters = &counters, .accept = take});
  const Exchange exchange =
      desk->ask(*read_question(R"({"messages":[{"role":"user","content":"x"}]})"));
  ASSERT_FALSE(exchange.completion);
  EXPECT_EQ(exchange.completion.error().where, "deployment");
  EXPECT_TRUE(exchange.sent.empty());
  EXPECT_TRUE(desk->today().empty());
}

TEST(PlaygroundDesk, ABudgetEndsAndOutlivesARestart) {
  auto control = *store::Judges::open(":memory:");
  Counters counters;
  const auto open = [&] {
    // Nobody listens at port 1.
    return *Desk::open({.control = control.get(),
                        .counters = &counters,
                        .accept = take,
                        .deployments = {.endpoint = {.endpoint = "http://127.0.0.1:1",
                                                     .name = {},
                                                     .key = "k",
                                                     .api_version = "1"},
                                        .names = {"chat"}},
                        .timeout_ms = 1'000,
                        .budget = {.calls_per_day = 1}});
  };
  const Question question = *read_question(R"({"messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(open()->ask(question).completion.error().where, "unreachable");
  EXPECT_EQ(open()->ask(question).completion.error().where, "budget");
}

}  // namespace
}  // namespace catalejo::evaluate::playground
