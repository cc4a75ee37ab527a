// What each kind of channel is sent, by file; the settings were read. For channel.cpp and tests.
#pragma once

#include <string>
#include <string_view>

#include "monitor/channel.hpp"

namespace catalejo::monitor {

Outgoing slack_request(const ChannelSettings& settings, const Notice& notice);      // slack.cpp
Outgoing teams_request(const ChannelSettings& settings, const Notice& notice);      // teams.cpp
Outgoing pagerduty_request(const ChannelSettings& settings, const Notice& notice);  // pagerduty.cpp
Outgoing opsgenie_request(const ChannelSettings& settings, const Notice& notice);   // opsgenie.cpp
// `server` where the settings name none. Errors: bad_request.
Result<net::Mail> mail_of(const ChannelSettings& settings, const Notice& notice,
                          const net::MailServer& server);           // email.cpp
Result<void> check_mail_settings(const ChannelSettings& settings);  // email.cpp

// Of a notice or of settings; empty when it is not there.
std::string_view text_of(const Notice& notice, std::string_view name);
std::string_view text_of(const ChannelSettings& settings, std::string_view name);
bool is_over(const Notice& notice);  // what was told before is fine again
// The same from the first notice of a group to its last, whatever happens between.
std::string incident_key(const Notice& notice);
// A POST of JSON.
Outgoing json_request(std::string url, std::string body);
// "https://events.pagerduty.com" and "/v2/enqueue" with one '/' between.
std::string joined(std::string_view base, std::string_view path);

}  // namespace catalejo::monitor
