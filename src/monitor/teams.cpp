// Microsoft Teams' workflow "when a webhook request is received": a message with an Adaptive Card.
// Contract: "Create incoming webhooks with Workflows", learn.microsoft.com/microsoftteams.
#include <fmt/format.h>

#include "codec/json_writer.hpp"
#include "codec/utf8.hpp"
#include "monitor/channel_requests.hpp"

namespace catalejo::monitor {
namespace {

// A message may have 28 KB.
constexpr std::size_t kTextBytesMax = 16'000, kTitleBytesMax = 1'000;

std::string_view colour_of(std::string_view type) {
  return type == "error" ? "attention" : type == "warning" ? "warning" : "good";
}

std::string block_of(std::string_view text, std::string_view colour) {
  std::string block;
  codec::JsonObjectWriter object(block);
  object.text("type", "TextBlock");
  object.text("text", text);
  object.key("wrap") += "true";
  if (!colour.empty()) {
    object.text("weight", "bolder");
    object.text("size", "medium");
    object.text("color", colour);
  }
  object.close();
  return block;
}

std::string card_of(const Notice& notice) {
  std::string blocks = block_of(codec::utf8_prefix(text_of(notice, "EVENT_TITLE"), kTitleBytesMax),
                                colour_of(text_of(notice, "ALERT_TYPE")));
  if (const auto said = text_of(notice, "EVENT_MSG"); !said.empty())
    blocks += "," + block_of(codec::utf8_prefix(said, kTextBytesMax), {});
  std::string card;
  codec::JsonObjectWriter object(card);
  object.text("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  object.text("type", "AdaptiveCard");
  object.text("version", "1.4");
  object.key("body") += fmt::format("[{}]", blocks);
  const auto link = text_of(notice, "LINK");
  if (link.starts_with("http")) {
    std::string action;
    codec::JsonObjectWriter open(action);
    open.text("type", "Action.OpenUrl");
    open.text("title", "Catalejo");
    open.text("url", link);
    open.close();
    object.key("actions") += fmt::format("[{}]", action);
  }
  object.close();
  return card;
}

}  // namespace

Outgoing teams_request(const ChannelSettings& settings, const Notice& notice) {
  std::string attachment;
  codec::JsonObjectWriter attached(attachment);
  attached.text("contentType", "application/vnd.microsoft.card.adaptive");
  attached.key("contentUrl") += "null";
  attached.key("content") += card_of(notice);
  attached.close();
  std::string body;
  codec::JsonObjectWriter object(body);
  object.text("type", "message");
  object.key("attachments") += fmt::format("[{}]", attachment);
  object.close();
  return json_request(std::string(text_of(settings, "url")), std::move(body));
}

}  // namespace catalejo::monitor
