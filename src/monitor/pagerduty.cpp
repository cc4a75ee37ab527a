// PagerDuty's Events API v2: an incident a group, resolved when it is fine again.
// Contract: https://developer.pagerduty.com/docs/events-api-v2-overview
#include <fmt/format.h>

#include "codec/json_writer.hpp"
#include "codec/utf8.hpp"
#include "monitor/channel_requests.hpp"

namespace catalejo::monitor {
namespace {

constexpr std::string_view kUrl = "https://events.pagerduty.com";
constexpr std::size_t kSummaryBytesMax = 1'024, kTextBytesMax = 32'000;

std::string_view severity_of(const Notice& notice) {
  const auto type = text_of(notice, "ALERT_TYPE");
  return type == "error" ? "critical" : type == "warning" ? "warning" : "info";
}

std::string details_of(const Notice& notice) {
  std::string details;
  codec::JsonObjectWriter object(details);
  object.text("message", codec::utf8_prefix(text_of(notice, "EVENT_MSG"), kTextBytesMax));
  for (const auto& [ours, theirs] :
       {std::pair<std::string_view, std::string_view>{"ALERT_QUERY", "query"},
        {"ALERT_STATUS", "status"},
        {"ALERT_SCOPE", "scope"},
        {"TAGS", "tags"},
        {"ALERT_PRIORITY", "priority"}})
    if (const auto value = text_of(notice, ours); !value.empty())
      object.text(theirs, codec::utf8_prefix(value, kTextBytesMax));
  object.close();
  return details;
}

std::string payload_of(const Notice& notice) {
  const auto scope = text_of(notice, "ALERT_SCOPE");
  const auto title = codec::utf8_prefix(text_of(notice, "EVENT_TITLE"), kSummaryBytesMax);
  std::string payload;
  codec::JsonObjectWriter object(payload);
  object.text("summary", title.empty() ? "Catalejo" : title);
  object.text("source", scope.empty() ? "Catalejo" : scope);
  object.text("severity", severity_of(notice));
  object.key("custom_details") += details_of(notice);
  object.close();
  return payload;
}

}  // namespace

Outgoing pagerduty_request(const ChannelSettings& settings, const Notice& notice) {
  std::string body;
  codec::JsonObjectWriter object(body);
  object.text("routing_key", text_of(settings, "integration_key"));
  object.text("event_action", is_over(notice) ? "resolve" : "trigger");
  object.text("dedup_key", incident_key(notice));
  if (!is_over(notice)) {
    object.key("payload") += payload_of(notice);
    object.text("client", "Catalejo");
    if (const auto link = text_of(notice, "LINK"); link.starts_with("http")) {
      object.text("client_url", link);
      object.key("links") +=
          fmt::format(R"([{{"href":{},"text":"Catalejo"}}])", codec::json_quoted(link));
    }
  }
  object.close();
  const auto url = text_of(settings, "url");
  return json_request(joined(url.empty() ? kUrl : url, "/v2/enqueue"), std::move(body));
}

}  // namespace catalejo::monitor
