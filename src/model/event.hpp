// Something that happened at a moment (a deployment, an alert), or what a service check said of a
// service. Both are few and are read by people, so that they are rows of one table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace catalejo::model {

enum class EventKind : std::uint8_t { event = 1, service_check = 2 };

enum class CheckStatus : std::uint8_t { ok = 0, warning = 1, critical = 2, unknown = 3 };

struct Event {
  EventKind kind = EventKind::event;
  // The same again is the same: what a client sends twice. Otherwise it is always new.
  bool repeatable = false;
  std::uint64_t id = 0;  // positive as a signed number, as Datadog's are
  UnixNanos time;        // of whole seconds; 0 = when it came
  std::string title;     // of a check: its name
  std::string text;      // of a check: its message
  std::string host;
  std::string aggregation_key;
  std::string priority;                       // "normal", "low"
  std::string source_type;                    // "jenkins"
  std::string alert_type;                     // "info", "error", …
  CheckStatus status = CheckStatus::unknown;  // of a check
  std::vector<std::string> tags;              // "key:value" or "key", in order, each once
  std::uint32_t flags = 0;                    // Flag
  std::string_view source;                    // which intake: "dogstatsd", "/api/v1/events"
};

// What all of an event's fields say, as an id: of the same event the same.
std::uint64_t event_id(const Event& event);
// Another one each time.
std::uint64_t new_event_id();

// As Datadog names them; empty for one that is none.
std::string_view priority_name(std::string_view text);
std::string_view alert_type_name(std::string_view text);
std::string_view check_status_name(CheckStatus status);  // "ok", "warning", "critical", "unknown"

}  // namespace catalejo::model
