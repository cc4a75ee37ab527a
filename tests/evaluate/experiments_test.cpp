// What a record is asked, how an answer is scored without asking anybody, what a plan may say, and
// a runner that nobody answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "codec/json_writer.hpp"
#include "evaluate/experiments/checks.hpp"
#include "evaluate/experiments/plan.hpp"
#include "evaluate/experiments/record_prompt.hpp"
#include "evaluate/experiments/runner.hpp"
#include "evaluate/experiments/spent.hpp"
#include "store/experiments.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::evaluate::experiments {
namespace {

using ::testing::HasSubstr;

std::string message(const std::string& content) {
  return R"([{"role":"user","content":)" + codec::json_quoted(content) + "}]";
}

// The content of the one message that the record makes of it, or the error.
std::string filled(const std::string& content, const std::string& input,
                   const std::string& metadata = "{}") {
  const auto made = fill(message(content), {.input = input, .metadata = metadata});
  if (!made) return made.error().where + ": " + made.error().message;
  const std::string before = R"([{"role":"user","content":")", after = R"("}])";
  EXPECT_TRUE(made->starts_with(before) && made->ends_with(after)) << *made;
  return made->substr(before.size(), made->size() - before.size() - after.size());
}

TEST(RecordPrompt, VariablesAreOfTheRecord) {
  EXPECT_EQ(filled("{{input}}?", R"("ñu")"), "ñu?");
  EXPECT_EQ(filled("{{ input.q }} {{q}}", R"({"q":"a"})"), "a a");
  EXPECT_EQ(filled("{{input.a.b.1}}", R"({"a":{"b":[1,{"c":2}]}})"), R"({\"c\":2})");
  EXPECT_EQ(filled("{{input.a.b}}", R"({"a.b":true,"a":{"b":false}})"), "true");
  EXPECT_EQ(filled("in {{metadata.lang}}: {{input}}", "[1,2]", R"({"lang":"es"})"), "in es: [1,2]");
  EXPECT_EQ(filled("{{input}}!", R"({"value":"bare"})"), "bare!");
  EXPECT_EQ(filled("{{input_text}}", R"({"input_text":"x"})"), "x");
  EXPECT_EQ(filled("{{metadata_of}}", R"({"metadata_of":"x"})"), "x");
}

TEST(RecordPrompt, WhatARecordSaysIsNoVariable) {
  EXPECT_EQ(filled("{{input}}", R"("{{metadata.key}} \"}]")"), R"({{metadata.key}} \"}])");
}

TEST(RecordPrompt, WhatARecordLacksIsNamed) {
  for (const auto& [content, input] :
       {std::pair<std::string, std::string>{"{{input.q}}", R"({"r":1})"},
        {"{{input.q}}", R"("text")"},
        {"{{input.0}}", "[]"},
        {"{{input.-1}}", "[1]"},
        {"{{input.1x}}", "[1,2]"},
        {"{{metadata.q}}", "1"}})
    EXPECT_THAT(filled(content, input), HasSubstr("variable: the record has no ")) << content;
  const std::string huge = '"' + std::string(limits::experiment_question_bytes_max, 'x') + '"';
  EXPECT_THAT(filled("{{input}}", huge), HasSubstr("too_large: "));
}

TEST(RecordPrompt, AChatIsAskedAgainAsItWas) {
  const std::string chat =
      R"([{"role":"system","content":"Be brief."},{"role":"user","content":"¿Qué?"}])";
  EXPECT_EQ(*fill(message("{{input}}"), {.input = R"({"messages":)" + chat + "}"}), chat);
  EXPECT_EQ(*fill(message("{{ input.h }}"), {.input = R"({"h":)" + chat + "}"}), chat);
  // Beside other words it is a text like any other.
  EXPECT_THAT(*fill(message("Sum up: {{input}}"), {.input = chat}), HasSubstr("Sum up: [{"));
  EXPECT_THAT(*fill(message("{{input}}"), {.input = R"([{"role":"tool"}])"}),
              HasSubstr(R"("role":"user")"));
}

TEST(RecordPrompt, MessagesThatMakeNoSenseAreRefused) {
  EXPECT_TRUE(check_messages(message("{{input}}")));
  EXPECT_TRUE(check_messages(message("{{input.año}} {{a-b.c_1}}")));
  for (const auto& [content, words] :
       {std::pair<std::string, std::string>{"no variable", "asked the same"},
        {"{{expected_output}}", "give the answer away"},
        {"{{ expected_output.a }}", "give the answer away"},
        {"{{}}", "is no variable"},
        {"{{#if a}}", "is no variable"},
        {"{{a.}}", "is no variable"}}) {
    const auto checked = check_messages(message(content));
    ASSERT_FALSE(checked) << content;
    EXPECT_EQ(checked.error().where, "messages");
    EXPECT_THAT(checked.error().message, HasSubstr(words)) << content;
  }
  EXPECT_FALSE(check_messages("{}"));
  EXPECT_FALSE(check_messages(R"([{"role":"user"}])"));
}

std::string verdict(std::string_view check, std::string_view said, std::string_view expected) {
  const auto score = check_answer(check, said, expected);
  EXPECT_EQ(score.label, check);
  EXPECT_EQ(score.score.has_value(), score.error.empty());
  return score.error.empty() ? score.value : "error";
}

TEST(Checks, SayWhetherAnAnswerIsWhatWasExpected) {
  struct Case {
    const char *check, *said, *expected, *verdict;
  };
  for (const Case& one : {
           Case{"exact_match", " Madrid\n", R"("Madrid")", "true"},
           {"exact_match", "madrid", R"("Madrid")", "false"},
           {"exact_match", "4", "4", "true"},
           {"exact_match", "yes", R"({"value":"yes"})", "true"},
           {"exact_match", "sí", R"({"messages":[{"role":"assistant","content":"sí"}]})", "true"},
           {"exact_match", "", R"("")", "true"},
           {"contains", "It is Madrid.", R"("Madrid")", "true"},
           {"contains", "It is Paris.", R"("Madrid")", "false"},
           {"contains", "anything", R"(" ")", "false"},
           {"json_equal", R"({"b":[1,2.0],"a":null})", R"({"a":null,"b":[1.0,2]})", "true"},
           {"json_equal", R"({"a":1,"a":2})", R"({"a":2})", "true"},
           {"json_equal", R"({"a":1})", R"({"a":1,"b":1})", "false"},
           {"json_equal", "[1]", "[1,2]", "false"},
           {"json_equal", "[1,2]", "[1]", "false"},
           {"json_equal", "1", R"("1")", "true"},
           {"json_equal", "true", "false", "false"},
           {"json_equal", "18446744073709551615", "18446744073709551615", "true"},
           {"json_equal", R"({"a":1})", R"("{\"a\": 1}")", "true"},
           {"json_equal", "```json\n{}\n```", "{}", "false"},
           {"json_equal", "plain", R"("plain")", "false"},
           {"exact_match", "x", "", "error"},
           {"json_equal", "null", "null", "error"},
       })
    EXPECT_EQ(verdict(one.check, one.said, one.expected), one.verdict)
        << one.check << ' ' << one.said << ' ' << one.expected;
}

TEST(Checks, SayWhyNot) {
  EXPECT_EQ(check_answer("json_equal", "x", "{}").reasoning, "The answer is no JSON.");
  EXPECT_EQ(check_answer("exact_match", "x", R"("y")").assessment, "fail");
  EXPECT_EQ(check_answer("exact_match", "x", R"("x")").reasoning, "");
}

constexpr const char* kPlan =
    R"({"dataset_id":"d","messages":[{"role":"user","content":"{{input}}"}],"times":2,)"
    R"("records_max":10,"deployment":"chat","parameters":{"temperature":0.5,"top_p":null},)"
    R"("evaluators":[{"type":"contains"},{"type":"judge","judge":"useful"}]})";

TEST(ExperimentPlan, IsKeptAsItWasRead) {
  const auto plan = read_plan(kPlan);
  ASSERT_TRUE(plan) << to_string(plan.error());
  EXPECT_EQ(plan->rows(), 20);
  EXPECT_EQ(plan->checks, std::vector<std::string>{"contains"});
  EXPECT_EQ(plan->judges, std::vector<std::string>{"useful"});
  std::string kept, again;
  append_plan(kept, *plan);
  const auto read = read_plan(kept);
  ASSERT_TRUE(read) << kept << to_string(read.error());
  append_plan(again, *read);
  EXPECT_EQ(kept, again);
  EXPECT_EQ(config_of(*plan), R"({"deployment":"chat","messages":[{"role":"user",)"
                              R"("content":"{{input}}"}],"parameters":{"temperature":0.5}})");
  const auto question = question_of(*plan, message("x"));
  ASSERT_TRUE(question);
  EXPECT_EQ(question->deployment, "chat");
  EXPECT_EQ(question->parameters_json, R"({"temperature":0.5})");
}

TEST(ExperimentPlan, APromptOfTheRegistryIsAskedAsMessages) {
  EXPECT_EQ(*messages_of_prompt(R"("Say {{word}}")"), message("Say {{word}}"));
  EXPECT_EQ(*messages_of_prompt(R"([{"role":"user","content":"{{input}}"}])"),
            message("{{input}}"));
  EXPECT_EQ(*messages_of_prompt(R"([{"type":"placeholder","name":"history"}])"),
            message("{{history}}"));
  for (const char* odd : {"[]", "{}", "1", R"([{"role":"user"}])"})
    EXPECT_EQ(messages_of_prompt(odd).error().where, "prompt") << odd;
}

TEST(ExperimentSpent, IsSummedByWhoWasAskedAndWhatAnswered) {
  std::vector<Spent> spent;
  const Spent call{.deployment = "d", .model = "m", .calls = 1, .input_tokens = 2};
  add_spent(spent, call);
  add_spent(spent, call);
  Spent judge = call;
  judge.judge = "useful";
  add_spent(spent, judge);
  const auto read = read_spent(spent_json(spent));
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].calls, 2);
  EXPECT_EQ(read[0].input_tokens, 4);
  EXPECT_EQ(read[1].judge, "useful");
  EXPECT_TRUE(read_spent("nothing").empty());
}

Task<Result<store::Appended>> take(model::Batch) {
  co_return store::Appended{};
}

// Nobody listens at port 1.
class ExperimentRunnerTest : public testing::Test {
 protected:
  void SetUp() override {
    datasets_ = *store::Datasets::open(path_);
    const std::string project = datasets_->project("p", "")->id;
    dataset_ = datasets_->create(project, "d", "", "{}")->id;
    store::DatasetChange change;
    for (const char* word : {R"("one")", R"("two")"}) {
      store::DatasetRecord record;
      record.input = word;
      change.insert.push_back(record);
    }
    ASSERT_TRUE(datasets_->change(dataset_, change));
    desk_ = *playground::Desk::open({.control = judges_.get(),
                                     .counters = &counters_,
                                     .accept = take,
                                     .deployments = {.endpoint = {.endpoint = "http://127.0.0.1:1",
                                                                  .name = {},
                                                                  .key = "k",
                                                                  .api_version = "1"},
                                                     .names = {"chat"}},
                                     .timeout_ms = 1'000});
  }
  Plan plan() {
    auto read = read_plan(R"({"dataset_id":")" + dataset_ + R"(","messages":)" +
                          message("{{input}}") + "}");
    EXPECT_TRUE(read);
    return *read;
  }
  store::ExperimentRun ended(const std::string& id) {
    for (int i = 0; i < 500; ++i) {
      auto run = datasets_->experiment_runs().get(id);
      if (run && run->state != "running") return *run;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return {};
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.file("datasets.sqlite");
  std::string dataset_;
  Counters counters_;
  std::unique_ptr<store::Judges> judges_ = *store::Judges::open(":memory:");
  std::unique_ptr<store::Datasets> datasets_;
  std::unique_ptr<playground::Desk> desk_;
};

TEST_F(ExperimentRunnerTest, AnOutageThatDoesNotPassStopsARunWithoutARow) {
  Runner runner(
      {.datasets = datasets_.get(), .desk = desk_.get(), .counters = &counters_, .pause_ms = 1});
  const auto estimate = runner.estimate(plan());
  ASSERT_TRUE(estimate) << to_string(estimate.error());
  EXPECT_EQ(estimate->plan.rows(), 2);
  EXPECT_EQ(*estimate->first, message("one"));
  auto run = runner.begin(plan(), "me");
  ASSERT_TRUE(run) << to_string(run.error());
  const store::ExperimentRun stopped = ended(run->experiment);
  EXPECT_EQ(stopped.state, "stopped");
  EXPECT_EQ(stopped.kind, "unreachable");
  EXPECT_EQ(stopped.done, 0);
  EXPECT_EQ(desk_->today().at("calls"), limits::experiment_run_tries_max);
  ASSERT_TRUE(runner.go_on(run->experiment));
  EXPECT_EQ(ended(run->experiment).state, "stopped");
  EXPECT_EQ(desk_->today().at("calls"), 2 * limits::experiment_run_tries_max);
  runner.stop();
  EXPECT_EQ(
      counters_.counter("catalejo_experiment_runs_ended_total", label("reason", "unreachable"))
          .value(),
      2U);
}

TEST_F(ExperimentRunnerTest, WithoutRecordsOrDeploymentNothingBegins) {
  Runner runner({.datasets = datasets_.get(), .desk = desk_.get(), .counters = &counters_});
  Plan other = plan();
  other.deployment = "nobody";
  EXPECT_EQ(runner.begin(other, "me").error().where, "deployment");
  other = plan();
  other.prompt = "none";
  other.messages_json.clear();
  EXPECT_EQ(runner.begin(other, "me").error().code, Code::not_found);
  other = plan();
  other.dataset = "none";
  EXPECT_EQ(runner.begin(other, "me").error().code, Code::not_found);
  EXPECT_TRUE(datasets_->experiments().list({.limit = 9})->experiments.empty());
}

}  // namespace
}  // namespace catalejo::evaluate::experiments
