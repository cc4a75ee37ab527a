#include "monitor/happened.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/metric_time.hpp"

namespace catalejo::monitor {
namespace {

using model::MonitorStatus;

struct Words {
  std::string_view title, status, alert_type;
};

Words words_of(MonitorStatus status) {
  switch (status) {
    case MonitorStatus::alert:
      return {"Triggered", "alert", "error"};
    case MonitorStatus::warn:
      return {"Warn", "warn", "warning"};
    case MonitorStatus::no_data:
      return {"No Data", "no_data", "error"};
    case MonitorStatus::ok:
      return {"Recovered", "ok", "success"};
    case MonitorStatus::unknown:
      break;
  }
  return {"Forgotten", "unknown", "info"};
}

bool is_news(const store::MonitorEvent& event) {
  if (event.from == event.to) return event.what == "gone";
  return event.from != MonitorStatus::unknown || event.to != MonitorStatus::ok;
}

// "env:prod,host:a" of the name of a group.
void add_group(std::vector<std::string>& tags, std::string_view group) {
  while (!group.empty() && group != "*") {
    const std::string_view tag = group.substr(0, group.find(','));
    tags.emplace_back(tag);
    group.remove_prefix(std::min(tag.size() + 1, group.size()));
  }
}

model::Event event_of(const store::MonitorLook& look, const store::MonitorEvent& change,
                      const Definition& definition, const std::string& page_url) {
  const bool gone = change.what == "gone";
  const Words now = words_of(gone ? MonitorStatus::unknown : change.to);
  const bool one_of_many = change.group != "*";
  model::Event event{.repeatable = true,
                     .time = model::metric_time(change.at_s),
                     .source_type = "alert",
                     .alert_type = std::string(now.alert_type),
                     .tags = definition.tags,
                     .source = "monitor"};
  event.title = one_of_many
                    ? fmt::format("[{} on {{{}}}] {}", now.title, change.group, definition.name)
                    : fmt::format("[{}] {}", now.title, definition.name);
  event.text = fmt::format("{} → {}", words_of(change.from).status, now.status);
  if (change.value) event.text += fmt::format(", {}", *change.value);
  event.text += fmt::format("\n{}\n{}/monitors/{}", definition.query_text, page_url, look.monitor);
  add_group(event.tags, change.group);
  event.tags.push_back("source:catalejo");
  event.tags.push_back(fmt::format("monitor_id:{}", look.monitor));
  event.tags.push_back(fmt::format("monitor_status:{}", now.status));
  event.id = model::event_id(event);
  return event;
}

}  // namespace

std::vector<model::Event> events_of(const store::MonitorLook& look, const Definition& definition,
                                    const std::string& page_url) {
  std::vector<model::Event> events;
  for (const store::MonitorEvent& change : look.events)
    if (is_news(change)) events.push_back(event_of(look, change, definition, page_url));
  return events;
}

}  // namespace catalejo::monitor
