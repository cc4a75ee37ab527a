#include "monitor/channel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "codec/digest.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "monitor/channel_requests.hpp"
#include "monitor/webhook.hpp"

namespace catalejo::monitor {
namespace {

namespace dom = codec::dom;

constexpr std::array<Setting, 4> kWebhook = {{{.name = "url", .required = true},
                                              {.name = "payload"},
                                              {.name = "custom_headers", .secret = true},
                                              {.name = "encode_as"}}};
// Whoever knows the address of such a hook can write there.
constexpr std::array<Setting, 1> kHook = {{{.name = "url", .required = true, .secret = true}}};
constexpr std::array<Setting, 2> kPagerDuty = {
    {{.name = "integration_key", .required = true, .secret = true}, {.name = "url"}}};
constexpr std::array<Setting, 2> kOpsgenie = {
    {{.name = "api_key", .required = true, .secret = true}, {.name = "url"}}};
constexpr std::array<Setting, 5> kEmail = {{{.name = "to", .required = true},
                                            {.name = "url"},
                                            {.name = "user"},
                                            {.name = "password", .secret = true},
                                            {.name = "from"}}};
constexpr std::array<ChannelKind, 6> kKinds = {
    {{.name = "webhook", .settings = kWebhook},
     {.name = "email", .settings = kEmail},
     {.name = "slack", .settings = kHook},
     {.name = "teams", .settings = kHook},
     {.name = "pagerduty", .settings = kPagerDuty, .keeps_incidents = true},
     {.name = "opsgenie", .settings = kOpsgenie, .keeps_incidents = true}}};

bool is_name(std::string_view text) {
  constexpr std::size_t kNameBytesMax = 100;
  return !text.empty() && text.size() <= kNameBytesMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

bool is_one_word(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; });
}

const ChannelKind* kind_called(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name, &ChannelKind::name);
  return found == kKinds.end() ? nullptr : &*found;
}

Error no_such_kind(std::string_view kind) {
  return bad("kind", fmt::format("a channel of the kind {} is not known here", kind));
}

Result<void> check_values(const ChannelKind& kind, const ChannelSettings& settings) {
  for (const Setting& setting : kind.settings)
    if (setting.required && !settings.contains(setting.name))
      return bad(setting.name, "is missing");
  if (kind.name == "email") return check_mail_settings(settings);
  for (const auto& [name, value] : settings)
    if (!is_one_word(value)) return bad(name, "has no spaces and no line breaks");
  const std::string_view url = text_of(settings, "url");
  if (!url.empty() && !url.starts_with("https://") && !url.starts_with("http://"))
    return bad("url", "must begin with https:// or http://");
  return {};
}

// A webhook keeps its name with its settings, as Datadog's API does.
Result<ChannelSettings> checked(std::string_view channel, const ChannelKind& kind,
                                ChannelSettings settings) {
  if (kind.name != "webhook") {
    CATALEJO_TRY(check_values(kind, settings));
    return settings;
  }
  settings["name"] = channel.substr(kind.name.size() + 1);
  if (auto webhook = read_webhook(encode_settings(settings)); !webhook) return webhook.error();
  return settings;
}

}  // namespace

std::span<const ChannelKind> channel_kinds() {
  return kKinds;
}

const ChannelKind* kind_of_channel(std::string_view channel) {
  const std::size_t end = channel.find('-');
  return end == channel.npos ? nullptr : kind_called(channel.substr(0, end));
}

Result<ChannelSettings> changed_settings(std::string_view channel, const ChannelSettings& before,
                                         std::string change) {
  const ChannelKind* kind = kind_of_channel(channel);
  if (kind == nullptr)
    return bad("name",
               "must begin with its kind: webhook-, email-, slack-, teams-, pagerduty- or "
               "opsgenie-");
  if (!is_name(channel.substr(kind->name.size() + 1)))
    return bad("name", "has 1 to 100 letters, digits, '-', '_' and '.' behind its kind");
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(change));
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return bad("settings", "must be an object");
  ChannelSettings settings = before;
  for (const dom::key_value_pair field : fields) {
    const bool known =
        std::ranges::find(kind->settings, field.key, &Setting::name) != kind->settings.end() ||
        (kind->name == "webhook" && field.key == "name");
    if (!known) return bad(field.key, fmt::format("{} has no setting '{}'", kind->name, field.key));
    std::string_view text;
    if (!field.value.is_null() && field.value.get(text) != simdjson::SUCCESS)
      return bad(field.key, "must be a text");
    if (text.empty())
      settings.erase(std::string(field.key));
    else
      settings.insert_or_assign(std::string(field.key), std::string(text));
  }
  return checked(channel, *kind, std::move(settings));
}

Result<ChannelSettings> read_settings(std::string_view channel, std::string json) {
  return changed_settings(channel, {}, std::move(json));
}

std::string encode_settings(const ChannelSettings& settings) {
  std::string json;
  codec::JsonObjectWriter object(json);
  for (const auto& [name, value] : settings) object.text(name, value);
  object.close();
  return json;
}

Result<store::Channel> channel_of_address(const std::string& mention) {
  if (!net::is_mail_address(mention))
    return Error{Code::not_found, "there is no such channel", mention};
  return store::Channel{.name = mention,
                        .kind = "email",
                        .settings = encode_settings({{"to", mention}}),
                        .author = {},
                        .modified = {}};
}

Result<Request> request_of(const store::Channel& channel, const Notice& notice,
                           const net::MailServer& mail) {
  if (channel.kind == "webhook") {
    auto webhook = read_webhook(channel.settings);
    if (!webhook) return webhook.error();
    auto made = webhook_request(*webhook, notice);
    if (!made) return made.error();
    return Request(*std::move(made));
  }
  if (kind_called(channel.kind) == nullptr) return no_such_kind(channel.kind);
  // An address has no name of its own.
  const bool named = channel.name.starts_with(channel.kind + "-");
  auto settings = read_settings(named ? channel.name : "email-address", channel.settings);
  if (!settings) return settings.error();
  if (channel.kind == "email") {
    auto made = mail_of(*settings, notice, mail);
    if (!made) return made.error();
    return Request(*std::move(made));
  }
  if (channel.kind == "slack") return Request(slack_request(*settings, notice));
  if (channel.kind == "teams") return Request(teams_request(*settings, notice));
  if (channel.kind == "pagerduty") return Request(pagerduty_request(*settings, notice));
  return Request(opsgenie_request(*settings, notice));
}

std::string_view text_of(const Notice& notice, std::string_view name) {
  const auto found = notice.find(std::string(name));
  return found == notice.end() ? std::string_view{} : std::string_view(found->second);
}

std::string_view text_of(const ChannelSettings& settings, std::string_view name) {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string_view{} : std::string_view(found->second);
}

bool is_over(const Notice& notice) {
  return text_of(notice, "ALERT_TRANSITION") == "Recovered";
}

std::string incident_key(const Notice& notice) {
  return codec::sha256_hex(
             fmt::format("{} {}", text_of(notice, "LINK"), text_of(notice, "AGGREG_KEY")))
      .substr(0, 32);
}

Outgoing json_request(std::string url, std::string body) {
  return {.url = std::move(url),
          .headers = {{"Content-Type", "application/json"}, {"User-Agent", "Catalejo"}},
          .body = std::move(body)};
}

std::string joined(std::string_view base, std::string_view path) {
  while (base.ends_with('/')) base.remove_suffix(1);
  return fmt::format("{}{}", base, path);
}

}  // namespace catalejo::monitor
