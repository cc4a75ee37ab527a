// Slack's incoming webhooks.
// Contract: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
#include <fmt/format.h>

#include "codec/json_writer.hpp"
#include "codec/utf8.hpp"
#include "monitor/channel_requests.hpp"

namespace catalejo::monitor {
namespace {

constexpr std::size_t kTextBytesMax = 8'000, kTitleBytesMax = 1'000;

// The three letters that mean something to Slack.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::string_view colour_of(std::string_view type) {
  return type == "error" ? "danger" : type == "warning" ? "warning" : "good";
}

}  // namespace

Outgoing slack_request(const ChannelSettings& settings, const Notice& notice) {
  const std::string title =
      escaped(codec::utf8_prefix(text_of(notice, "EVENT_TITLE"), kTitleBytesMax));
  std::string attachment;
  codec::JsonObjectWriter shown(attachment);
  shown.text("color", colour_of(text_of(notice, "ALERT_TYPE")));
  shown.text("fallback", title);
  shown.text("text", escaped(codec::utf8_prefix(text_of(notice, "EVENT_MSG"), kTextBytesMax)));
  shown.text("footer", "Catalejo");
  if (const auto at = text_of(notice, "DATE_POSIX"); !at.empty()) shown.key("ts") += at;
  shown.close();
  std::string body;
  codec::JsonObjectWriter object(body);
  object.text("text", fmt::format("*<{}|{}>*", escaped(text_of(notice, "LINK")), title));
  object.key("attachments") += fmt::format("[{}]", attachment);
  object.close();
  return json_request(std::string(text_of(settings, "url")), std::move(body));
}

}  // namespace catalejo::monitor
