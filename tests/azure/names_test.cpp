// Names of metrics: Datadog's list of the integration, and what is newer.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "azure/crawl/points.hpp"
#include "azure/metric_name.hpp"

namespace catalejo::azure {
namespace {

struct Case {
  const char *display, *words;
};

TEST(MetricName, IsThatOfTheIntegrationForAllOfItsMetrics) {
  constexpr std::array kSeed = {
      Case{"Active Tokens", "active_tokens"},
      Case{"Azure OpenAI Requests", "azure_open_ai_requests"},
      Case{"Blocked Volume", "blocked_volume"},
      Case{"Generated Completion Tokens", "generated_completion_tokens"},
      Case{"Processed FineTuned Training Hours", "processed_fine_tuned_training_hours"},
      Case{"Harmful Volume Detected", "harmful_volume_detected"},
      Case{"Processed Prompt Tokens", "processed_prompt_tokens"},
      Case{"Processed Inference Tokens", "processed_inference_tokens"},
      Case{"Prompt Token Cache Match Rate", "prompt_token_cache_match_rate"},
      Case{"Provisioned-managed Utilization (deprecated)", "provisioned_managed_utilization"},
      Case{"Provisioned-managed Utilization V2", "provisioned_managed_utilization_v2"},
      Case{"Time to Response", "time_to_response"},
      Case{"Total Volume Sent For Safety Check", "total_volume_sent_for_safety_check"},
  };
  for (const Case& one : kSeed)
    EXPECT_EQ(metric_name("Microsoft.CognitiveServices/accounts", one.display),
              std::string("azure.cognitiveservices_accounts.") + one.words);
}

TEST(MetricName, FollowsTheSameRuleForNewerOnes) {
  constexpr std::array kNewer = {
      Case{"Azure OpenAI AvailabilityRate", "azure_open_ai_availability_rate"},
      Case{"AvailabilityRate", "availability_rate"},
      Case{"Normalized Time to First Byte", "normalized_time_to_first_byte"},
      Case{"Realtime API Seconds Used", "realtime_api_seconds_used"},
      Case{"cacheReadInputTokens", "cache_read_input_tokens"},
      Case{"  Odd -- name (with brackets) ", "odd_name"},
      Case{"1-2", ""},
      Case{"()", ""},
      Case{"", ""},
  };
  for (const Case& one : kNewer) EXPECT_EQ(words_of(one.display), one.words) << one.display;
}

TEST(Metrics, AreCountsWhereTheyAddUp) {
  const Metrics metrics = metrics_of({
      {.rest_name = "ProcessedPromptTokens",
       .display_name = "Processed Prompt Tokens",
       .aggregation = "Total"},
      {.rest_name = "ActiveTokens", .display_name = "Active Tokens", .aggregation = "Total"},
      {.rest_name = "Latency", .display_name = "Latency", .aggregation = "Average"},
      {.rest_name = "Hourly", .display_name = "Hourly", .aggregation = "Total", .by_minute = false},
      {.rest_name = "Nameless", .display_name = "(-)", .aggregation = "Total"},
  });
  ASSERT_EQ(metrics.size(), 3u);
  EXPECT_EQ(metrics.at("processedprompttokens").kind, model::MetricKind::count);
  EXPECT_EQ(metrics.at("activetokens").kind, model::MetricKind::gauge);
  EXPECT_EQ(metrics.at("latency").kind, model::MetricKind::gauge);
}

}  // namespace
}  // namespace catalejo::azure
