#include "monitor/shipped.hpp"

#include <array>
#include <string>
#include <utility>

#include "monitor/definition.hpp"

namespace catalejo::monitor {
namespace {

// Datadog ships two of these names with its Azure integration; the queries are ours.
constexpr std::array kShipped{
    ShippedMonitor{
        .key = "azure-token-usage",
        .json =
            R"json({
"name": "OpenAI account's token usage is abnormally high: {{name.name}}",
"type": "query alert",
"query": )json"
            R"json("avg(last_12h):anomalies(sum:azure.cognitiveservices_accounts.processed_prompt_tokens{*} )json"
            R"json(by {name}.as_count() + )json"
            R"json(sum:azure.cognitiveservices_accounts.generated_completion_tokens{*} by )json"
            R"json({name}.as_count(), 'basic', 2, direction='above', interval=120, )json"
            R"json(alert_window='last_30m', count_default_zero='true', seasonality='hourly') >= )json"
            R"json(1",
"message": "{{#is_alert}}The Azure OpenAI account {{name.name}} has used more )json"
            R"json(tokens for the last 30 minutes than it usually )json"
            R"json(does.{{/is_alert}}{{#is_recovery}}Token usage of {{name.name}} is as usual )json"
            R"json(again.{{/is_recovery}}",
"tags": ["integration:azure_openai"],
"priority": 3,
"options": {
"thresholds": {"critical": 1, "critical_recovery": 0},
"threshold_windows": {"trigger_window": "last_30m", "recovery_window": "last_15m"},
"evaluation_delay": 900, "new_group_delay": 300, "on_missing_data": "show_no_data",
"require_full_window": false, "renotify_interval": 0, "include_tags": false, "notify_audit": false
}})json"},
    ShippedMonitor{
        .key = "azure-harmful-calls",
        .json =
            R"json({
"name": "OpenAI harmful calls: {{name.name}}",
"type": "query alert",
"query": )json"
            R"json("sum(last_15m):sum:azure.cognitiveservices_accounts.harmful_volume_detected{*} )json"
            R"json(by {name}.as_count() > 10",
"message": "{{#is_alert}}Azure's content filter found {{value}} harmful calls )json"
            R"json(of the account {{name.name}} in 15 minutes.{{/is_alert}}{{#is_recovery}}No )json"
            R"json(more than {{threshold}} harmful calls of {{name.name}} in 15 minutes )json"
            R"json(again.{{/is_recovery}}",
"tags": ["integration:azure_openai"],
"priority": 2,
"options": {
"thresholds": {"critical": 10, "warning": 5},
"evaluation_delay": 900, "new_group_delay": 300, "on_missing_data": "default",
"require_full_window": false, "renotify_interval": 0, "include_tags": false, "notify_audit": false
}})json"}};

}  // namespace

std::span<const ShippedMonitor> shipped_monitors() {
  return kShipped;
}

Result<std::size_t> ship_monitors(store::Monitors& control) {
  std::size_t made = 0;
  for (const ShippedMonitor& one : kShipped) {
    auto definition = read_definition(std::string(one.json), /*lenient=*/false);
    if (!definition) return definition.error();
    store::Monitor monitor{.name = std::move(definition->name),
                           .type = std::move(definition->type),
                           .query = std::move(definition->query_text),
                           .body = std::move(definition->body),
                           .author = "catalejo",
                           .shipped = std::string(one.key)};
    auto fresh = control.ship(std::move(monitor));
    if (!fresh) return fresh.error();
    if (*fresh) ++made;
  }
  return made;
}

}  // namespace catalejo::monitor
