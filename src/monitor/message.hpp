// Templates of messages: {{#is_alert}}…{{/is_alert}}, {{^is_alert}}…, {{else}},
// {{#is_match "env.name" "prod" "stag"}}…, {{value}}, {{host.name}}, {{[dotted.tag].name}}, and
// whom a message mentions (@webhook-ops). docs/en/how-to/monitors.md lists the words. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace catalejo::monitor {

struct MessageFacts {
  std::map<std::string, bool, std::less<>> cases;             // "is_alert"
  std::map<std::string, std::string, std::less<>> variables;  // "value", "host.name"
};

// Whatever is written comes out, what is not understood as it stands; no longer than a message may
// be.
std::string render(std::string_view text, const MessageFacts& facts);

// What is wrong with a template: a case that is not closed, or not known. A monitor is kept anyway.
std::vector<std::string> problems_of(std::string_view text);

// "webhook-ops" of "… @webhook-ops …", each once, in order. Of an address (@ana@example.com) all.
std::vector<std::string> mentions_in(std::string_view text);

}  // namespace catalejo::monitor
