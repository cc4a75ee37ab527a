// Redaction: out of every place a text has, JSON stays JSON, and the narrowest rule counts.
#include "pipeline/redact.hpp"

#include <gtest/gtest.h>

#include "codec/json.hpp"

namespace catalejo::pipeline {
namespace {

constexpr std::string_view kCard = "4111 1111 1111 1111";

Redactor redactor(std::vector<store::RedactionRule> rules) {
  return {rules, std::string(32, 'k')};
}

model::Span redacted(const Redactor& with, model::Span span, model::Batch& batch) {
  batch.spans.push_back(std::move(span));
  Redactor::Counts counts;
  with.apply(batch, counts);
  return batch.spans.back();
}

std::string_view tag(const model::Span& span, std::string_view key) {
  for (const model::Tag& tag : span.tags)
    if (tag.key == key) return tag.value;
  return {};
}

const std::vector<store::RedactionRule> kMaskAll = {
    {.app = "*", .target = "pii", .action = "mask"},
    {.app = "*", .target = "secrets", .action = "mask"}};

TEST(Redact, TakesItOutOfEveryText) {
  const std::string card(kCard);
  const std::string json = R"({"value":"pay )" + card + R"("})";
  model::Batch batch;
  model::Span given{.name = kCard,
                    .apm_name = kCard,
                    .resource = kCard,
                    .service = kCard,
                    .env = kCard,
                    .version = kCard,
                    .session_id = kCard,
                    .user_id = kCard,
                    .error_type = kCard,
                    .error_message = kCard,
                    .error_stack = kCard,
                    .input_json = json,
                    .output_json = json,
                    .metadata_json = json,
                    .extra_json = json,
                    .tags = {{"note", kCard}, {kCard, "x"}}};
  const model::Span span = redacted(redactor(kMaskAll), given, batch);
  for (const std::string_view text :
       {span.name, span.apm_name, span.resource, span.service, span.env, span.version,
        span.session_id, span.user_id, span.error_type, span.error_message, span.error_stack,
        tag(span, "note"), span.tags[1].key})
    EXPECT_EQ(text, "[card number]");
  for (const std::string_view text :
       {span.input_json, span.output_json, span.metadata_json, span.extra_json})
    EXPECT_EQ(text, R"({"value":"pay [card number]"})");
  EXPECT_EQ(tag(span, "redacted.card_number"), "17");
  EXPECT_NE(span.flags & model::flag_redacted, 0u);
}

TEST(Redact, TakesItOutOfEvaluations) {
  model::Batch batch;
  batch.evaluations.push_back({.type = model::MetricType::text,
                               .text = kCard,
                               .reasoning = kCard,
                               .metadata_json = R"({"a":["4111111111111111",4111111111111111]})",
                               .tags = {{"k", kCard}}});
  Redactor::Counts counts;
  redactor(kMaskAll).apply(batch, counts);
  const model::Evaluation& evaluation = batch.evaluations[0];
  EXPECT_EQ(evaluation.text, "[card number]");
  EXPECT_EQ(evaluation.reasoning, "[card number]");
  EXPECT_EQ(evaluation.metadata_json, R"({"a":["[card number]","[card number]"]})");
  EXPECT_EQ(evaluation.tags[0].value, "[card number]");
  EXPECT_EQ(counts.begin()->second, 5u);
}

TEST(Redact, TakesItOutOfEvents) {
  model::Batch batch;
  batch.events.push_back({.title = "paid with " + std::string(kCard),
                          .text = "by ana@example.com",
                          .tags = {"service:shop", "user:ana@example.com"}});
  batch.events.push_back({.title = "deployed", .text = "version 2", .tags = {"env:prod"}});
  Redactor::Counts counts;
  redactor(kMaskAll).apply(batch, counts);
  const model::Event& event = batch.events[0];
  EXPECT_EQ(event.title, "paid with [card number]");
  EXPECT_EQ(event.text, "by [email]");
  EXPECT_EQ(event.tags, (std::vector<std::string>{"redacted.card_number:1", "redacted.email:2",
                                                  "service:shop", "user:[email]"}));
  EXPECT_NE(event.flags & model::flag_redacted, 0u);
  EXPECT_EQ(counts.at({"shop", "email"}), 2u);
  EXPECT_EQ(batch.events[1].title, "deployed");
  EXPECT_EQ(batch.events[1].flags, 0u);
}

TEST(Redact, KeepsJsonWhole) {
  const Redactor with = redactor(kMaskAll);
  for (const auto& [given, expected] : {
           std::pair{R"({"a":"x\n4111111111111111\ty"})", R"({"a":"x\n[card number]\ty"})"},
           {R"({"a":"4111\u00a01111\u00a01111\u00a01111"})", R"({"a":"[card number]"})"},
           {R"({"arguments":"{\"card\":\"4111111111111111\"}"})",
            R"({"arguments":"{\"card\":\"[card number]\"}"})"},
           {R"({"card":4111111111111111,"n":1})", R"({"card":"[card number]","n":1})"},
           {R"({"t":[0.4111111111111111,-4111111111111111,1e9]})",
            R"({"t":[0.4111111111111111,-4111111111111111,1e9]})"},
           {R"({"phone":"612345678"})", R"({"phone":"[phone]"})"},
           {R"({"a":"\\","b":"é\"😀"})", R"({"a":"\\","b":"é\"😀"})"},
       }) {
    model::Batch batch;
    const model::Span span = redacted(with, {.input_json = given}, batch);
    EXPECT_EQ(span.input_json, expected);
    codec::JsonDocument document;
    std::string text(span.input_json);
    EXPECT_TRUE(document.parse(text)) << text;
  }
}

TEST(Redact, HashesAreStableAndKeyed) {
  const std::vector<store::RedactionRule> rules = {
      {.app = "*", .target = "card_number", .action = "hash"}};
  model::Batch one, two, three;
  const std::string first(
      redacted(redactor(rules), {.error_message = "4111 1111 1111 1111"}, one).error_message);
  EXPECT_EQ(redacted(redactor(rules), {.error_message = "4111-1111-1111-1111"}, two).error_message,
            first);
  EXPECT_EQ(first.substr(0, 13), "[card number:");
  const Redactor other(rules, std::string(32, 'x'));
  EXPECT_NE(redacted(other, {.error_message = "4111 1111 1111 1111"}, three).error_message, first);
}

// The text that a person tries is what would be stored, however a number is spelled.
TEST(Redact, ATrialIsWhatIsStored) {
  for (const char* action : {"mask", "hash", "drop", "keep"}) {
    const Redactor with = redactor({{.app = "*", .target = "pii", .action = action}});
    for (const std::string_view text :
         {"to a@example.com", "4111 1111 1111 1111, a@example.com", "4111\u200b1111\u200b11111111",
          "４１１１ 1111\u00a01111 1111 ☕", "nothing", ""}) {
      model::Batch batch;
      const model::Span span = redacted(with, {.error_message = text}, batch);
      EXPECT_EQ(with.try_text("any", text).text, span.error_message) << action << ": " << text;
    }
  }
}

TEST(Redact, DropsTheWholeText) {
  const Redactor with = redactor({{.app = "*", .target = "email", .action = "drop"}});
  model::Batch batch;
  const model::Span span = redacted(with,
                                    {.error_message = "mail ana@example.com now",
                                     .input_json = R"({"a":"to a@example.com","b":"c"})"},
                                    batch);
  EXPECT_EQ(span.error_message, "[email]");
  EXPECT_EQ(span.input_json, R"({"a":"[email]","b":"c"})");
}

TEST(Redact, TheNarrowestRuleCounts) {
  const Redactor with = redactor({{.app = "*", .target = "pii", .action = "mask"},
                                  {.app = "shop-*", .target = "pii", .action = "keep"},
                                  {.app = "*", .target = "card_number", .action = "hash"},
                                  {.name = "badge",
                                   .app = "*",
                                   .target = "pattern",
                                   .pattern = "B-[0-9]{4}",
                                   .action = "mask"}});
  const auto left = [&](std::string_view app, std::string_view text) {
    return with.try_text(app, text).text;
  };
  EXPECT_EQ(left("other", "a@example.com"), "[email]");
  EXPECT_EQ(left("shop-eu", "a@example.com"), "a@example.com");
  EXPECT_EQ(left("shop-eu", "4111111111111111").substr(0, 13), "[card number:");
  EXPECT_EQ(left("any", "B-1234"), "[badge]");
}

TEST(Redact, RulesAreChecked) {
  EXPECT_TRUE(check_rule({.app = "*", .target = "github_pat", .action = "mask"}));
  EXPECT_FALSE(check_rule({.app = "", .target = "pii", .action = "mask"}));
  EXPECT_FALSE(check_rule({.app = "*", .target = "nothing", .action = "mask"}));
  EXPECT_FALSE(check_rule({.app = "*", .target = "pii", .action = "burn"}));
  EXPECT_FALSE(check_rule(
      {.name = "A b", .app = "*", .target = "pattern", .pattern = "x", .action = "mask"}));
  EXPECT_FALSE(
      check_rule({.name = "a", .app = "*", .target = "pattern", .pattern = "(", .action = "mask"}));
}

}  // namespace
}  // namespace catalejo::pipeline
