// Each evaluator of quality on its cases (tests/evaluate/*.jsonl), and on texts made to be slow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/quality/ending_phrases.hpp"
#include "evaluate/quality/failure_to_answer.hpp"
#include "evaluate/quality/goal_completeness.hpp"
#include "evaluate/quality/language_mismatch.hpp"
#include "evaluate/quality/overlap.hpp"
#include "evaluate/quality/repetition.hpp"
#include "evaluate/quality/tone.hpp"
#include "evaluate/quality/validity.hpp"
#include "evaluate/text_evaluators.hpp"
#include "support/expect_cases.hpp"

namespace catalejo::evaluate {
namespace {

TEST(FailureToAnswer, TellsRefusalsFromAnswers) {
  expect_cases(FailureToAnswer(), "failure_to_answer.jsonl");
}

TEST(FailureToAnswer, IsSilentWhereNothingWasToBeAnswered) {
  const Case call(R"({"user":"go","tool_call":{"name":"f","arguments":{}}})", "call");
  EXPECT_EQ(answer(FailureToAnswer(), call.subject()), "");
  const Case asked(R"({"user":"go","assistant":""})", "asked");
  Subject failed = asked.subject();
  failed.error = true;
  EXPECT_EQ(answer(FailureToAnswer(), failed), "");
  Subject embedding = asked.subject();
  embedding.kind = "embedding";
  EXPECT_EQ(answer(FailureToAnswer(), embedding), "");
}

TEST(LanguageMismatch, ComparesWhatIsAskedWithWhatIsAnswered) {
  expect_cases(LanguageMismatch(), "language_mismatch.jsonl");
}

TEST(LanguageMismatch, ReadsALongTextUpToACharacterThatIsCut) {
  std::string answer;
  while (answer.size() < 100'000)
    answer += "El año que viene volverá la cigüeña a la torre vieja. ";
  for (std::size_t blanks = 0; blanks < 4; ++blanks) {
    const std::string shifted = std::string(blanks, '-') + answer;
    const std::vector<Text> texts = {
        {Side::input, Voice::user, 0, "When will the stork come back to the old tower?", {}},
        {Side::output, Voice::assistant, 0, shifted, {}}};
    Subject subject;
    subject.kind = "llm";
    subject.texts = texts;
    EXPECT_EQ(evaluate::answer(LanguageMismatch(), subject), "yes") << blanks;
  }
}

TEST(Repetition, LoopsButNoStyleNorData) {
  expect_cases(Repetition(), "repetition.jsonl");
}

TEST(Validity, OfAnswersAndCalls) {
  expect_cases(InvalidJson(), "invalid_json.jsonl");
  expect_cases(WrongTool(), "wrong_tool.jsonl");
  expect_cases(ToolArguments(), "invalid_tool_arguments.jsonl");
}

TEST(Tone, OfWhatIsSaidAndNotOfWhatIsTold) {
  expect_cases(Sentiment(Side::input), "sentiment_input.jsonl");
  expect_cases(Toxicity(Side::input), "toxicity_input.jsonl");
}

double groundedness(std::string_view line) {
  const Case each(line, line);
  const std::vector<Verdict> verdicts = judge(Groundedness(), each.subject());
  return verdicts.empty() ? -1 : verdicts[0].score;
}

constexpr std::string_view kSource =
    R"({"document":"The Aurora X2 battery lasts 14 hours and weighs 1.2 kg. It was released in Vigo in 2021.","user":"Tell me about it",)";

TEST(Groundedness, CountsWordsNumbersAndNames) {
  const auto with = [](std::string_view answer) {
    return groundedness(std::string(kSource) + R"("assistant":")" + std::string(answer) + R"("})");
  };
  EXPECT_GT(with("The battery of the Aurora X2 lasts 14 hours; it was released in Vigo in 2021."),
            0.9);
  EXPECT_LT(with("The battery of the Aurora X2 lasts 20 hours; it was released in Lugo in 2019."),
            0.7);
  EXPECT_LT(with("Elephants migrate hundreds of miles, drinking from rivers near Nairobi."), 0.2);
  EXPECT_EQ(with("It is fine."), -1) << "too short to be measured";
  EXPECT_EQ(
      groundedness(R"({"user":"a","assistant":"seven words of answer with no sources at all"})"),
      -1);
}

TEST(TopicRelevance, NamesTheTopicOrNone) {
  const TopicRelevance topics({{"billing", {"invoice", "factura", "credit card", "payment"}},
                               {"shipping", {"delivery", "parcel", "envío", "paquete"}}});
  for (const auto& [line, expected] : {
           std::pair{R"({"user":"Where is my parcel?"})", "shipping"},
           {R"({"user":"Why are there two invoices and a credit card payment?"})", "billing"},
           {R"({"user":"¿Cuándo llegan los paquetes?"})", "shipping"},
           {R"({"user":"Write a poem about the sea"})", "irrelevant"},
           {R"({"user":"I got credit for the house, no card"})", "irrelevant"},
           {R"({"user":"ok"})", ""},
       })
    EXPECT_EQ(answer(topics, Case(line, line).subject()), expected) << line;
}

TEST(GoalCompleteness, IsToldByTheEnd) {
  const auto ends = [](std::vector<Turn> turns) {
    const auto verdict = goal_completeness(turns);
    return verdict ? verdict->text : std::string();
  };
  EXPECT_EQ(ends({}), "");
  EXPECT_EQ(ends({{"How do I reset it?", "Hold the button."}, {"Thanks, it works!", "Good."}}),
            "complete");
  EXPECT_EQ(ends({{"How do I reset it?", "Hold it."}, {"It still doesn't work", "Try again."}}),
            "incomplete");
  EXPECT_EQ(ends({{"¿Cómo lo reinicio?", "Mantén el botón."}, {"Gracias, ya funciona", "Bien."}}),
            "complete");
  EXPECT_EQ(ends({{"¿Cómo lo reinicio?", "Lo siento, no puedo ayudarte con eso."}}), "incomplete");
  EXPECT_EQ(
      ends({{"reset the blue router now", "Hold it."}, {"reset my blue router now", "Hold."}}),
      "incomplete");
  EXPECT_EQ(ends({{"Where is Vigo?", "In Galicia, in the north-west of Spain."}}), "unclear");
  EXPECT_EQ(ends({{"It still doesn't work", "Hold the button for ten seconds."}}), "unclear")
      << "who was not answered yet complains of something else";
  EXPECT_EQ(ends({{"How?", "Like this."}, {"Thanks. And on Sundays?", "From nine on."}}),
            "unclear");
  EXPECT_EQ(ends({{"How?", "Like this."}, {"Put me through to a real person", "One moment."}}),
            "incomplete");
  EXPECT_EQ(ends({{"How?", "Like this."}, {"And then?", "", true}}), "incomplete");
  EXPECT_EQ(ends({{"How?", "Like this."}, {"And then?", "It is done.", false, true}}),
            "incomplete");
}

TEST(Ending, IsWhatTheUserSaysAndNotWhatIsToldOrSupposed) {
  const auto said = [](std::string_view text) {
    const Ending ending = ending_of(text);
    return std::string(ending.thanks ? "t" : "") + (ending.complaint ? "c" : "") +
           (ending.gives_up ? "g" : "") + (ending.asks ? "?" : "");
  };
  for (const auto& [text, expected] : {
           std::pair{"Thanks, it works!", "t"},
           {"Gracias, ya funciona.", "t"},
           {"Thanks, but it still doesn't work.", "tc"},
           {"Gracias, pero sigue sin funcionar.", "tc"},
           {"Why is it still broken?", "c?"},
           {"What if it doesn't work?", "?"},
           {"¿Y si no funciona?", "?"},
           {"A customer says that it doesn't work", ""},
           {"Un cliente dice que no funciona", ""},
           {"Translate \"I give up, forget it\" into French", ""},
           {"I give up.", "g"},
           {"Me rindo.", "g"},
           {"¿Puedo hablar con un humano?", "g?"},
           {"", ""},
       })
    EXPECT_EQ(said(text), expected) << text;
}

// Made to be slow: one letter, one word, open brackets, almost-matches of rules, quotes, blanks.
// Nothing is timed; what is not linear runs into the test's time limit.
TEST(EveryTextEvaluator, GetsThroughTextsMadeToBeSlow) {
  const auto times = [](std::string_view text, std::size_t count) {
    std::string all;
    while (all.size() < count * text.size()) all += text;
    return all;
  };
#ifdef CATALEJO_SANITIZED
  constexpr std::size_t kBytes = 1 << 16;  // sanitizers make everything slow
#else
  constexpr std::size_t kBytes = 1 << 20;
#endif
  for (const std::string& text :
       {std::string(kBytes, 'a'), std::string(kBytes, '{'), std::string(kBytes, '"'),
        std::string(kBytes, '`'), std::string(kBytes, '\n'), times("ignore all the ", kBytes / 15),
        times("i can't but ", kBytes / 12), times("a b ", kBytes / 4), times("\"x ", kBytes / 3),
        times("http://a?b=c&", kBytes / 13), times("```json\n[", kBytes / 9),
        times("\xf3\xa0\x81\xa1", kBytes / 4), times("1a ", kBytes / 3)}) {
    const std::vector<Text> texts = {{Side::input, Voice::system, 0, text, {}},
                                     {Side::input, Voice::document, 0, text, {}},
                                     {Side::input, Voice::user, 0, text, {}},
                                     {Side::output, Voice::assistant, 0, text, {}}};
    Subject subject;
    subject.kind = "llm";
    subject.texts = texts;
    std::vector<Verdict> verdicts;
    for (const Evaluator* evaluator : text_evaluators()) evaluator->judge(subject, verdicts);
    EXPECT_LE(verdicts.size(), text_evaluators().size());
    for (const Verdict& verdict : verdicts) {
      EXPECT_LE(verdict.findings.size(), 4'096u);
      for (const Finding& finding : verdict.findings) EXPECT_LE(finding.end, text.size());
    }
  }
}

}  // namespace
}  // namespace catalejo::evaluate
