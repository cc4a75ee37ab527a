// What becomes of Azure's values: tags, and what is missing in the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "azure/crawl/points.hpp"
#include "azure/crawl/stored.hpp"
#include "base/ascii.hpp"

namespace catalejo::azure {
namespace {

using ::testing::Contains;
using ::testing::Not;

model::AzureInventory inventory() {
  model::AzureInventory all;
  all.subscriptions = {{"s1", "Prod EU"}};
  all.accounts = {{.id = "/subscriptions/s1/resourceGroups/Prod/providers/p/accounts/Contoso-EU",
                   .name = "Contoso-EU",
                   .resource_group = "Prod",
                   .subscription = "s1",
                   .region = "westeurope",
                   .kind = "OpenAI",
                   .tags = {{"team", "IA"}, {"Name", "not this"}, {"ModelName", "nor this"}}}};
  all.deployments = {{.account = all.accounts.front().id,
                      .name = "chat",
                      .model = "gpt-4o",
                      .version = "2024-11-20"}};
  return all;
}

Metrics metrics() {
  return metrics_of({{.rest_name = "ProcessedPromptTokens",
                      .display_name = "Processed Prompt Tokens",
                      .aggregation = "Total",
                      .dimensions = {"ModelDeploymentName", "Region"}},
                     {.rest_name = "AzureOpenAITimeToResponse",
                      .display_name = "Time to Response",
                      .aggregation = "Average",
                      .dimensions = {"ModelDeploymentName"}}});
}

MetricSeries series(const model::AzureInventory& all, std::string metric, double value,
                    std::string deployment = "Chat") {
  MetricSeries made;
  made.resource_id = lower_ascii(all.accounts.front().id);
  made.rest_name = std::move(metric);
  made.dimensions = {{"modeldeploymentname", std::move(deployment)}, {"region", "West Europe"}};
  made.values = {{{600 * kNanosPerSecond}, value}};
  return made;
}

std::int64_t never(const std::string&, const std::string&) {
  return 0;
}

Wanted gathered(const model::AzureInventory& all, const std::vector<MetricSeries>& list,
                std::int64_t since = 0) {
  Wanted wanted;
  MetricAnswer answer;
  answer.series = list;
  const auto floor = [since](const std::string&, const std::string&) { return since; };
  gather(answer, metrics(), Places(all), nullptr, 0, 6'000, floor, wanted);
  return wanted;
}

TEST(Tags, NameAccountDimensionsAndModel) {
  const auto all = inventory();
  const Wanted wanted = gathered(all, {series(all, "ProcessedPromptTokens", 5)});
  ASSERT_EQ(wanted.size(), 1u);
  const model::MetricPoint& like = wanted.begin()->second.like;
  EXPECT_EQ(like.name, "azure.cognitiveservices_accounts.processed_prompt_tokens");
  for (const char* tag :
       {"cloud_provider:azure", "name:contoso-eu", "resource_group:prod", "subscription_id:s1",
        "subscription_name:prod_eu", "region:westeurope", "kind:openai",
        "type:microsoft.cognitiveservices/accounts", "modeldeploymentname:chat", "modelname:gpt-4o",
        "modelversion:2024-11-20", "team:ia", "azure_tag_name:not_this",
        "azure_tag_modelname:nor_this", "azure_metric:processedprompttokens"})
    EXPECT_THAT(like.tags, Contains(tag));
  EXPECT_THAT(like.tags, Not(Contains("name:not_this")));
}

TEST(Identity, StaysWhenWhatIsKnownOfADeploymentChanges) {
  auto all = inventory();
  const std::string before =
      gathered(all, {series(all, "ProcessedPromptTokens", 5)}).begin()->first;
  all.subscriptions.front().name = "Another name";
  all.accounts.front().tags = {{"team", "other"}};
  all.deployments.front().version = "2025-01-01";
  EXPECT_EQ(gathered(all, {series(all, "ProcessedPromptTokens", 5)}).begin()->first, before);
  EXPECT_NE(gathered(all, {series(all, "ProcessedPromptTokens", 5, "other")}).begin()->first,
            before);
}

TEST(Missing, IsTheDifferenceOfACountAndAGaugeOnce) {
  const auto all = inventory();
  const Wanted count = gathered(all, {series(all, "ProcessedPromptTokens", 5)});
  const std::string key = count.begin()->first;
  ASSERT_EQ(missing(count, {}, 0).points.size(), 1u);
  EXPECT_EQ(missing(count, {}, 0).points.front().value, 5);
  EXPECT_EQ(missing(count, {}, 0).points.front().time.value, 600 * kNanosPerSecond);
  EXPECT_TRUE(missing(count, {{key, {{600, {5, 1}}}}}, 0).points.empty());
  const Missing more = missing(count, {{key, {{600, {3, 2}}}}}, 0);
  ASSERT_EQ(more.points.size(), 1u);
  EXPECT_EQ(more.points.front().value, 2);
  EXPECT_EQ(more.corrected, 1u);
  EXPECT_EQ(missing(count, {{key, {{600, {9, 1}}}}}, 0).points.front().value, -4);

  const Wanted gauge = gathered(all, {series(all, "AzureOpenAITimeToResponse", 250)});
  const std::string of = gauge.begin()->first;
  EXPECT_TRUE(missing(gauge, {}, 630).points.empty()) << "the minute may still change";
  EXPECT_EQ(missing(gauge, {}, 660).points.size(), 1u);
  const Missing kept = missing(gauge, {{of, {{600, {200, 1}}}}}, 9'999);
  EXPECT_TRUE(kept.points.empty());
  EXPECT_EQ(kept.gauges_changed, 1u);
}

TEST(Gather, AddsUpWhatIsOneSeriesHereAndLeavesAloneWhatIsBefore) {
  const auto all = inventory();
  const auto two = gathered(all, {series(all, "ProcessedPromptTokens", 5, "chat"),
                                  series(all, "ProcessedPromptTokens", 7, "CHAT")});
  ASSERT_EQ(two.size(), 1u);
  EXPECT_EQ(missing(two, {}, 0).points.front().value, 12);
  EXPECT_TRUE(
      missing(gathered(all, {series(all, "ProcessedPromptTokens", 5)}, 660), {}, 0).points.empty());
  EXPECT_TRUE(gathered(all, {series(all, "NobodyKnowsIt", 5)}).empty());
  Wanted wanted;
  MetricAnswer answer;
  answer.series = {series(all, "ProcessedPromptTokens", 5)};
  answer.series.front().resource_id = "/subscriptions/other";
  gather(answer, metrics(), Places(all), nullptr, 0, 6'000, never, wanted);
  EXPECT_TRUE(wanted.empty());
}

template <typename Number>
void put(std::string& body, Number number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  body.append(bytes, sizeof number);
}

TEST(StoredRows, AreReadOrRefusedAsAWhole) {
  const auto all = inventory();
  const Wanted wanted = gathered(all, {series(all, "ProcessedPromptTokens", 5)});
  std::string body;
  const auto& tags = wanted.begin()->second.like.tags;
  body += static_cast<char>(tags.size());
  for (const std::string& tag : tags) (body += static_cast<char>(tag.size())) += tag;
  body += '\1';
  put(body, std::uint32_t{600});
  body += '\1';
  put(body, 3.0);
  body += '\1';
  put(body, std::uint64_t{2});
  auto stored = read_stored_rows(body, metrics());
  ASSERT_TRUE(stored);
  ASSERT_EQ(stored->size(), 1u);
  EXPECT_EQ(stored->begin()->first, wanted.begin()->first);
  EXPECT_EQ(stored->begin()->second.at(600).sum, 3);
  EXPECT_EQ(stored->begin()->second.at(600).points, 2u);
  for (std::size_t cut = 1; cut < body.size(); ++cut)
    EXPECT_FALSE(read_stored_rows(std::string_view(body).substr(0, cut), metrics())) << cut;
}

}  // namespace
}  // namespace catalejo::azure
