// Webhooks as Datadog's API keeps them ({name, url, payload, custom_headers, encode_as}): a notice
// fills the variables of the payload ($EVENT_TITLE, $TAGS[env], …).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "monitor/channel.hpp"
#include "monitor/notice.hpp"

namespace catalejo::monitor {

struct Webhook {
  std::string name, url, payload, custom_headers;  // the latter a JSON object as text
  bool form = false;
};
// Errors: malformed, bad_request.
Result<Webhook> read_webhook(std::string json);
std::string encode(const Webhook& webhook);

Result<Outgoing> webhook_request(const Webhook& webhook, const Notice& notice);

// The text with what the notice says in place of $NAMES, written as inside a JSON text.
std::string filled(std::string_view text, const Notice& notice);

}  // namespace catalejo::monitor
