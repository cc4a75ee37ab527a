#include "evaluate/privacy/privacy.hpp"

#include <gtest/gtest.h>

namespace catalejo::evaluate::privacy {
namespace {

std::vector<Verdict> judge(const Evaluator& evaluator, std::span<const Text> texts) {
  Subject subject;
  subject.texts = texts;
  std::vector<Verdict> verdicts;
  evaluator.judge(subject, verdicts);
  return verdicts;
}

TEST(Privacy, SaysWhereAndNeverWhat) {
  const Text texts[] = {
      {.side = Side::input, .message = 1, .text = "mi tarjeta: 4111 1111 1111 1111"},
      {.side = Side::output, .text = "Write to ana@example.com or ana.ruiz@example.com"}};
  const auto verdicts = judge(*make_pii(), texts);
  ASSERT_EQ(verdicts.size(), 1u);
  const Verdict& verdict = verdicts[0];
  EXPECT_EQ(verdict.label, "pii");
  EXPECT_EQ(verdict.score, 1);
  EXPECT_EQ(verdict.assessment, Assessment::fail);
  EXPECT_EQ(verdict.reasoning, "Found in the input: card_number (1); in the output: email (2).");
  ASSERT_EQ(verdict.findings.size(), 3u);
  EXPECT_EQ(verdict.findings[0].message, 1u);
  EXPECT_EQ(verdict.findings[0].begin, 12u);
  EXPECT_EQ(verdict.findings[0].end, 31u);
  EXPECT_EQ(judge(*make_secrets(), texts)[0].assessment, Assessment::pass);
}

TEST(Privacy, SaysNothingOfASpanWithoutTexts) {
  EXPECT_TRUE(judge(*make_pii(), {}).empty());
}

TEST(Privacy, FindsSecrets) {
  const std::string text = "ghp_" + std::string("aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC3");
  const Text texts[] = {{.text = text}};
  const auto verdicts = judge(*make_secrets(), texts);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].reasoning, "Found in the input: github_pat (1).");
  EXPECT_EQ(judge(*make_pii(), texts)[0].score, 0);
}

TEST(Privacy, SaysWhatRedactionTookOut) {
  const Text texts[] = {{.text = "cobra [card number]"}};
  const model::Tag tags[] = {
      {"ml_app", "shop"}, {"redacted.card_number", "2"}, {"redacted.email", "1"}};
  Subject subject;
  subject.texts = texts;
  std::vector<Verdict> verdicts;
  const auto redacted = make_redacted();
  redacted->judge(subject, verdicts);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].assessment, Assessment::pass);
  subject.tags = tags;
  redacted->judge(subject, verdicts);
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[1].assessment, Assessment::fail);
  EXPECT_EQ(verdicts[1].score, 1);
  EXPECT_EQ(verdicts[1].reasoning, "Taken out: card_number (2), email (1).");
  // Also where a rule dropped every text; without texts and tags there is nothing to judge.
  subject.texts = {};
  redacted->judge(subject, verdicts);
  EXPECT_EQ(verdicts.size(), 3u);
  subject.tags = {};
  redacted->judge(subject, verdicts);
  EXPECT_EQ(verdicts.size(), 3u);
  // What looks at the stored text itself finds nothing in a mask.
  EXPECT_EQ(judge(*make_pii(), texts)[0].assessment, Assessment::pass);
}

}  // namespace
}  // namespace catalejo::evaluate::privacy
