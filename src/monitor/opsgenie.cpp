// Opsgenie's Alert API: an alert a group, closed when it is fine again.
// Contract: https://docs.opsgenie.com/docs/alert-api
#include <fmt/format.h>

#include "codec/json_writer.hpp"
#include "codec/utf8.hpp"
#include "monitor/channel_requests.hpp"

namespace catalejo::monitor {
namespace {

constexpr std::string_view kUrl = "https://api.opsgenie.com";
constexpr std::size_t kMessageBytesMax = 130, kTextBytesMax = 15'000, kEntityBytesMax = 512;
constexpr std::size_t kTagsMax = 20, kTagBytesMax = 50;

std::string tags_of(std::string_view tags) {
  std::string list = "[";
  for (std::size_t count = 0; !tags.empty() && count < kTagsMax; ++count) {
    const auto tag = tags.substr(0, tags.find(','));
    if (list.size() > 1) list += ',';
    codec::append_json_string(list, codec::utf8_prefix(tag, kTagBytesMax));
    tags.remove_prefix(std::min(tag.size() + 1, tags.size()));
  }
  return list + "]";
}

std::string alert_of(const Notice& notice) {
  const auto title = codec::utf8_prefix(text_of(notice, "EVENT_TITLE"), kMessageBytesMax);
  std::string body;
  codec::JsonObjectWriter object(body);
  object.text("message", title.empty() ? "Catalejo" : title);
  object.text("alias", incident_key(notice));
  object.text("description", codec::utf8_prefix(fmt::format("{}\n{}", text_of(notice, "EVENT_MSG"),
                                                            text_of(notice, "LINK")),
                                                kTextBytesMax));
  object.text("entity", codec::utf8_prefix(text_of(notice, "ALERT_SCOPE"), kEntityBytesMax));
  object.text("source", "Catalejo");
  if (const auto priority = text_of(notice, "ALERT_PRIORITY"); !priority.empty())
    object.text("priority", priority);
  if (const auto tags = text_of(notice, "TAGS"); !tags.empty()) object.key("tags") += tags_of(tags);
  object.close();
  return body;
}

std::string close_of(const Notice& notice) {
  std::string body;
  codec::JsonObjectWriter object(body);
  object.text("source", "Catalejo");
  object.text("note", codec::utf8_prefix(text_of(notice, "EVENT_TITLE"), kTextBytesMax));
  object.close();
  return body;
}

}  // namespace

Outgoing opsgenie_request(const ChannelSettings& settings, const Notice& notice) {
  const std::string path = is_over(notice) ? fmt::format("/v2/alerts/{}/close?identifierType=alias",
                                                         incident_key(notice))
                                           : std::string("/v2/alerts");
  const auto url = text_of(settings, "url");
  Outgoing made = json_request(joined(url.empty() ? kUrl : url, path),
                               is_over(notice) ? close_of(notice) : alert_of(notice));
  made.headers.emplace_back("Authorization",
                            fmt::format("GenieKey {}", text_of(settings, "api_key")));
  return made;
}

}  // namespace catalejo::monitor
