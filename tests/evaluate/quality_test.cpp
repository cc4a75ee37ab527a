// Each evaluator of quality on its cases (tests/evaluate/*.jsonl), and on texts made to be slow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/quality/failure_to_answer.hpp"
#include "evaluate/quality/language_mismatch.hpp"
#include "support/cases.hpp"

namespace catalejo::evaluate {
namespace {

void expect_cases(const Evaluator& evaluator, const std::string& file) {
  std::size_t seen = 0;
  for (const Case& each : read_cases(CATALEJO_TEST_DATA "/evaluate/" + file)) {
    EXPECT_EQ(answer(evaluator, each.subject()), each.expect()) << each.where();
    ++seen;
  }
  EXPECT_GT(seen, 10u) << file;
}

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

}  // namespace
}  // namespace catalejo::evaluate
