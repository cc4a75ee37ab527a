#include "pipeline/normalise.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.hpp"

namespace catalejo::pipeline {
namespace {

constexpr UnixNanos kReceived{1'795'492'019 * kNanosPerSecond};

model::Span normalised(model::Span span) {
  model::Batch batch;
  batch.spans.push_back(std::move(span));
  normalise(batch, {.received = kReceived});
  return batch.spans[0];
}

TEST(Deployment, ComesOutOfTheAzureUrl) {
  for (const auto& [url, deployment] : {
           std::pair{"https://x.openai.azure.com/openai/deployments/gpt4o-weu/chat/completions?a=b",
                     "gpt4o-weu"},
           {"http://h/openai/deployments/d", "d"},
           {"http://h/openai/deployments/d?api-version=1", "d"},
           {"http://h/openai/v1/responses", ""},
           {"", ""},
       })
    EXPECT_EQ(deployment_of_url(url), deployment) << url;
}

TEST(Normalise, FillsFieldsFromTags) {
  const model::Span span = normalised({.start = kReceived,
                                       .tags = {{"service", "chat-api"},
                                                {"env", "prod"},
                                                {"ml_app", "shop"},
                                                {"usr.id", "u7"},
                                                {"session_id", "s1"}}});
  EXPECT_EQ(span.service, "chat-api");
  EXPECT_EQ(span.env, "prod");
  EXPECT_EQ(span.ml_app, "shop");
  EXPECT_EQ(span.user_id, "u7");
  EXPECT_EQ(span.session_id, "s1");
  EXPECT_EQ(span.flags, 0u);
}

TEST(Normalise, TakesTheDeploymentFromItsTagBeforeTheUrl) {
  EXPECT_EQ(normalised({.start = kReceived,
                        .tags = {{"http.url", "http://h/openai/deployments/from-url/x"},
                                 {"deployment", "from-tag"}}})
                .deployment,
            "from-tag");
}

TEST(Normalise, KeepsWhatTheSpanItselfSays) {
  EXPECT_EQ(
      normalised({.start = kReceived, .service = "own", .tags = {{"service", "tag"}}}).service,
      "own");
}

TEST(Normalise, FlagsTimesThatCannotBe) {
  for (std::int64_t start : {std::int64_t{0}, std::int64_t{-5}, INT64_MAX}) {
    const model::Span span = normalised({.start = {start}, .duration_ns = -3});
    EXPECT_EQ(span.start, kReceived) << start;
    EXPECT_EQ(span.flags, model::flag_clock_skew) << start;
    EXPECT_EQ(span.duration_ns, 0) << start;
  }
}

TEST(Normalise, RefusesAndCountsWhatRetentionWouldRemove) {
  const UnixNanos oldest{kReceived.value - 15 * kNanosPerDay};
  model::Batch batch;
  batch.spans = {{.start = {oldest.value - 10}, .duration_ns = 5},
                 {.start = {oldest.value - 10}, .duration_ns = 20},
                 {.start = kReceived}};
  batch.evaluations = {{.timestamp = {1}}, {.timestamp = {0}}, {.timestamp = {INT64_MAX}}};
  normalise(batch, {.received = kReceived, .oldest = oldest});
  EXPECT_EQ(batch.spans.size(), 2u);
  EXPECT_EQ(batch.spans_rejected.at("older_than_retention"), 1u);
  EXPECT_EQ(batch.evaluations.size(), 2u);
  EXPECT_EQ(batch.evaluations[0].timestamp, kReceived);
  EXPECT_EQ(batch.evaluations_rejected.at("older_than_retention"), 1u);
}

TEST(Normalise, CutsOverlongNamesAtACharacterAndSaysSo) {
  std::string name(limits::name_bytes_max - 1, 'a');
  name += "é";
  const model::Span span = normalised({.start = kReceived, .name = name});
  EXPECT_EQ(span.name.size(), limits::name_bytes_max - 1);
  EXPECT_EQ(span.flags, model::flag_text_cut);
}

}  // namespace
}  // namespace catalejo::pipeline
