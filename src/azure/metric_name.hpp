// Names of metrics of Azure as Datadog has them, by one rule: the name that people read in the
// portal, its words apart, behind the type of the resource. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace catalejo::azure {

inline constexpr std::string_view kAccountType = "microsoft.cognitiveservices/accounts";

// "azure_open_ai_requests" of "Azure OpenAI Requests"; what stands in brackets at its end is left
// out. Empty when it has no letter.
std::string words_of(std::string_view display_name);

// "azure.cognitiveservices_accounts.processed_prompt_tokens" of
// ("microsoft.cognitiveservices/accounts", "Processed Prompt Tokens").
std::string metric_name(std::string_view resource_type, std::string_view display_name);

}  // namespace catalejo::azure
