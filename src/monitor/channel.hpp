// Channels: where notices go. A channel is called KIND-NAME ("slack-ops"), as a message mentions it
// behind '@'; a mail address is a channel that needs no making. What each kind is sent is in the
// file of that name. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "monitor/notice.hpp"
#include "net/http.hpp"
#include "net/mail.hpp"

namespace catalejo::monitor {

// What a channel sends by HTTP.
struct Outgoing {
  std::string url;
  net::Headers headers;
  std::string body;
};
using Request = std::variant<Outgoing, net::Mail>;

struct Setting {
  std::string_view name;
  bool required = false;
  bool secret = false;  // taken, and never given back
};

struct ChannelKind {
  std::string_view name;  // "slack"
  std::span<const Setting> settings;
  bool keeps_incidents = false;  // what is told stays open there until it is told to be over
};
std::span<const ChannelKind> channel_kinds();
// Of "slack-ops"; nullptr when it begins with no kind.
const ChannelKind* kind_of_channel(std::string_view channel);

using ChannelSettings = std::map<std::string, std::string, std::less<>>;
// A JSON object of texts, as the channel's kind wants it. Errors: malformed, bad_request.
Result<ChannelSettings> read_settings(std::string_view channel, std::string json);
// The settings with those of `change` in place of their own; what is null or empty is left out.
// Errors: those of read_settings().
Result<ChannelSettings> changed_settings(std::string_view channel, const ChannelSettings& before,
                                         std::string change);
std::string encode_settings(const ChannelSettings& settings);

// The channel that a mentioned mail address is. Errors: not_found.
Result<store::Channel> channel_of_address(const std::string& mention);

// `mail` takes what goes to addresses, and to channels that name no server of their own.
Result<Request> request_of(const store::Channel& channel, const Notice& notice,
                           const net::MailServer& mail);

}  // namespace catalejo::monitor
