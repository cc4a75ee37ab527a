// Azure's answers, as Microsoft documents them and as they should not be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "azure/answers.hpp"
#include "azure/http.hpp"
#include "azure/problem.hpp"
#include "azure/token.hpp"
#include "net/http.hpp"

namespace catalejo::azure {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr std::string_view kAccount =
    "/subscriptions/S1/resourceGroups/Prod/providers/Microsoft.CognitiveServices/accounts/eu";

TEST(Tokens, AreReadWithNumbersAndWithTexts) {
  const UnixNanos at{1'000 * kNanosPerSecond};
  auto entra = read_token(R"({"token_type":"Bearer","expires_in":3599,"access_token":"t"})", at);
  ASSERT_TRUE(entra);
  EXPECT_EQ(entra->value, "t");
  EXPECT_EQ(entra->expires.value, 4'599 * kNanosPerSecond);
  auto managed = read_token(R"({"access_token":"t","expires_on":"4000"})", at);
  ASSERT_TRUE(managed);
  EXPECT_EQ(managed->expires.value, 4'000 * kNanosPerSecond);
  for (const char* body : {"", "{}", "[]", R"({"access_token":1})", R"({"access_token":""})",
                           R"({"access_token":"a\r\nX: y"})", R"({"access_token":"a)"}) {
    auto token = read_token(body, at);
    ASSERT_FALSE(token) << body;
    EXPECT_EQ(token.error().where, "malformed");
  }
}

TEST(Accounts, AreReadOfTheManagerAndOfResourceGraph) {
  const std::string id(kAccount);
  auto manager = read_accounts(R"({"value":[{"id":")" + id + R"(","name":"eu","kind":"OpenAI",
      "location":"West Europe","sku":{"name":"S0"},"tags":{"Team":"ia"},
      "properties":{"endpoint":"https://Contoso-EU.openai.azure.com/"}},
      {"name":"no id"},7],"nextLink":"https://next"})");
  ASSERT_TRUE(manager);
  ASSERT_EQ(manager->rows.size(), 1u);
  EXPECT_EQ(manager->skipped, 2u);
  EXPECT_EQ(manager->next, "https://next");
  const model::AzureAccount& account = manager->rows.front();
  EXPECT_EQ(account.subscription, "s1");
  EXPECT_EQ(account.resource_group, "Prod");
  EXPECT_EQ(account.region, "westeurope");
  EXPECT_EQ(account.resource, "contoso-eu");
  EXPECT_THAT(account.tags, ElementsAre(Pair("Team", "ia")));
  auto graph = read_accounts(R"({"totalRecords":1,"data":[{"id":")" + id +
                             R"(","name":"eu","location":"eastus","tags":null,
      "endpoint":"https://eastus.api.cognitive.microsoft.com/"}],"$skipToken":"more"})");
  ASSERT_TRUE(graph);
  ASSERT_EQ(graph->rows.size(), 1u);
  EXPECT_EQ(graph->rows.front().resource, "");
  EXPECT_EQ(graph->next, "more");
}

TEST(Accounts, ThatWouldChangeAnAddressAreLeftOut) {
  for (const char* name : {"eu?x=1", "eu#", "e u", "eu%2e"}) {
    const std::string id = std::string(kAccount.substr(0, kAccount.rfind('/') + 1)) + name;
    auto page = read_accounts(R"({"value":[{"id":")" + id + R"(","name":"eu"}]})");
    ASSERT_TRUE(page);
    EXPECT_EQ(page->skipped, 1u) << name;
  }
}

TEST(Deployments, HaveTheirLimitsByTheMinute) {
  auto page = read_deployments(R"({"value":[{"name":"chat","sku":{"name":"GlobalStandard",
      "capacity":120},"properties":{"model":{"name":"gpt-4o","version":"2024-11-20"},
      "rateLimits":[{"key":"request","renewalPeriod":10,"count":120},
      {"key":"token","renewalPeriod":60,"count":120000}],
      "spilloverDeploymentName":"chat-more","provisioningState":"Succeeded"}}]})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->rows.size(), 1u);
  const model::AzureDeployment& chat = page->rows.front();
  EXPECT_EQ(chat.model, "gpt-4o");
  EXPECT_EQ(chat.capacity, 120);
  EXPECT_EQ(chat.requests_per_minute, 720);
  EXPECT_EQ(chat.tokens_per_minute, 120'000);
  EXPECT_EQ(chat.spillover, "chat-more");
}

TEST(Subscriptions, ThatAreDisabledAreNotRead) {
  auto page = read_subscriptions(R"({"value":[{"subscriptionId":"A","displayName":"Prod",
      "state":"Enabled"},{"subscriptionId":"B","state":"Disabled"},{"displayName":"x"}]})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->rows.front().id, "a");
  EXPECT_EQ(page->skipped, 1u);
}

TEST(Definitions, TakeThePrimaryAggregationOrTheFirstThatIsOne) {
  auto page = read_definitions(R"({"value":[
      {"name":{"value":"A","localizedValue":"An A"},"primaryAggregationType":"Total",
       "dimensions":[{"value":"Region"},{"value":"ModelName"}],
       "metricAvailabilities":[{"timeGrain":"PT1M"}]},
      {"name":{"value":"B"},"primaryAggregationType":"None",
       "supportedAggregationTypes":["None","Maximum"],
       "metricAvailabilities":[{"timeGrain":"PT1H"}]},
      {"name":{"value":"C"},"primaryAggregationType":"None"}]})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->rows.size(), 2u);
  EXPECT_EQ(page->skipped, 1u);
  EXPECT_EQ(page->rows[0].display_name, "An A");
  EXPECT_THAT(page->rows[0].dimensions, ElementsAre("Region", "ModelName"));
  EXPECT_EQ(page->rows[1].aggregation, "Maximum");
  EXPECT_EQ(page->rows[1].display_name, "B");
  EXPECT_FALSE(page->rows[1].by_minute);
}

TEST(MetricAnswers, AreReadOfTheBatchAndOfOneResource) {
  const std::string value = R"("value":[{"name":{"value":"Ingress"},"errorCode":"Success",
      "timeseries":[{"metadatavalues":[{"name":{"value":"apiname"},"value":"Chat"}],
      "data":[{"timeStamp":"2023-04-20T12:00:00Z","total":17},
              {"timeStamp":"2023-04-20T12:01:00Z"},
              {"timeStamp":"2023-04-20T12:02:00Z","total":null},
              {"timeStamp":"2023-04-20T12:03:00Z","total":"8"},
              {"timeStamp":"then","total":1}]}]},
      {"name":{"value":"Odd"},"errorCode":"InternalServerError","errorMessage":"no"}])";
  auto batch = read_metrics(R"({"values":[{"resourceid":"/r/1",)" + value + "},7]}", "Total");
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->series.size(), 1u);
  EXPECT_EQ(batch->series.front().resource_id, "/r/1");
  EXPECT_THAT(batch->series.front().dimensions, ElementsAre(Pair("apiname", "Chat")));
  ASSERT_EQ(batch->series.front().values.size(), 1u);
  EXPECT_EQ(batch->series.front().values.front().value, 17);
  EXPECT_EQ(batch->skipped, 3u);
  ASSERT_EQ(batch->refused.size(), 1u);
  EXPECT_EQ(batch->refused.front().words, "InternalServerError: no");
  EXPECT_THAT(batch->present, ElementsAre(Pair("/r/1", "ingress"), Pair("/r/1", "odd")));
  auto one = read_metrics("{\"cost\":1," + value + "}", "Total");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->series.size(), 1u);
  EXPECT_THAT(one->present, ElementsAre(Pair("", "ingress"), Pair("", "odd")));
  for (const char* body : {"", "[]", "{}", R"({"values":{}})", "<html>", R"({"values":[)"}) {
    auto wrong = read_metrics(body, "Total");
    ASSERT_FALSE(wrong) << body;
    EXPECT_EQ(wrong.error().where, "malformed");
  }
}

net::ClientResponse answer(int status, std::string body, net::Headers headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

TEST(Problems, AreToldByWhatAzureSays) {
  EXPECT_EQ(token_refused(answer(401, R"({"error":"invalid_client",
      "error_description":"AADSTS7000222: expired\r\nTrace"})"))
                .where,
            "secret_expired");
  EXPECT_EQ(token_refused(answer(401, R"({"error":"invalid_client",
      "error_description":"AADSTS7000215: wrong"})"))
                .where,
            "secret_wrong");
  EXPECT_EQ(token_refused(answer(400, R"({"error":"invalid_request",
      "error_description":"Identity not found"})"))
                .where,
            "identity_missing");
  EXPECT_EQ(token_refused(answer(503, "")).where, "server_failed");
  EXPECT_EQ(refused(answer(403, R"({"error":{"code":"AuthorizationFailed"}})")).where, "denied");
  EXPECT_EQ(refused(answer(409, R"({"error":{"code":"MissingSubscriptionRegistration"}})")).where,
            "not_registered");
  EXPECT_EQ(refused(answer(529, "")).where, "throttled");
  const Error bare =
      refused(answer(400, R"({"code":"BadRequest","message":"no such\ndimension"})"));
  EXPECT_EQ(bare.where, "metric_refused");
  EXPECT_THAT(bare.message, HasSubstr("BadRequest: no such dimension"));
  for (const char* name : {"secret_expired", "denied", "throttled", "malformed", "nonsense"}) {
    EXPECT_FALSE(explained(name).cause.empty());
    EXPECT_FALSE(explained(name).remedy.empty());
  }
}

TEST(Pace, IsReadOutOfTheHeaders) {
  EXPECT_EQ(retry_after_ms(answer(429, "", {{"Retry-After", "17"}})), 17'000);
  EXPECT_EQ(retry_after_ms(answer(429, "", {{"Retry-After", "999999999"}})), 3'600'000);
  EXPECT_EQ(retry_after_ms(answer(429, "", {{"x-ms-user-quota-resets-after", "00:01:05"}})),
            65'000);
  EXPECT_EQ(retry_after_ms(
                answer(429, "", {{"x-ms-user-quota-resets-after", "60:60:60:60:60:60:60:60:60"}})),
            3'600'000);
  EXPECT_EQ(retry_after_ms(answer(429, "", {{"Retry-After", "soon"}})), 0);
  EXPECT_EQ(remaining_of(answer(200, "",
                                {{"X-Ms-Ratelimit-Remaining-Subscription-Reads", "249"},
                                 {"x-ms-user-quota-remaining", "14"}})),
            14);
  EXPECT_EQ(remaining_of(answer(200, "",
                                {{"x-ms-ratelimit-remaining-resource",
                                  "Microsoft.Insights/A;119,Microsoft.Insights/B;42"}})),
            42);
  EXPECT_EQ(remaining_of(answer(200, "")), -1);
  EXPECT_EQ(bucket_of("https://management.azure.com/subscriptions/s1/x?y"),
            "management.azure.com s1");
  EXPECT_EQ(bucket_of("https://eastus.metrics.monitor.azure.com"),
            "eastus.metrics.monitor.azure.com");
  EXPECT_EQ(net::percent_encode("A eq '*'/ñ"), "A%20eq%20%27%2A%27%2F%C3%B1");
}

}  // namespace
}  // namespace catalejo::azure
