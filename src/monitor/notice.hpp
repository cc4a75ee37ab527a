// What is told of a group, as it is kept until it is delivered: everything that a channel may put
// into its request, as one JSON object of texts.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "monitor/step.hpp"
#include "store/monitors.hpp"

namespace catalejo::monitor {

// By the name that a webhook knows it by, without '$': ALERT_TITLE, EVENT_MSG, TAGS, …
using Notice = std::map<std::string, std::string>;

struct NoticeOptions {
  std::string page_url;  // "http://127.0.0.1:8127", of the links in messages
  // Hears what is said of a group, before it is addressed to anybody.
  std::function<void(const std::string& group, const Notice& notice)> on_said = {};
};

// One for each that the message mentions, and with the key that makes it the same however often a
// look is done again. `words` are further variables of the message.
std::vector<store::MonitorNotice> notices_of(const NoticeOptions& options, std::int64_t monitor,
                                             const Definition& definition, const Stepped& stepped,
                                             const std::vector<std::string>& tags,
                                             std::int64_t at_s,
                                             const std::map<std::string, std::string>& words = {});
// One that is sent on purpose, to see whether a channel works; and the one that ends it.
store::MonitorNotice trial_notice(const NoticeOptions& options, const std::string& channel,
                                  bool over = false);

std::string encode(const Notice& notice);
Result<Notice> decode(std::string json);

}  // namespace catalejo::monitor
