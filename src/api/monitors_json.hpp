// Monitors as Datadog's API gives them. For this folder only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/spans_json.hpp"
#include "monitor/definition.hpp"
#include "monitor/step.hpp"
#include "store/monitors.hpp"

namespace catalejo::api {

// A monitor with what is known of it.
struct KnownMonitor {
  store::Monitor monitor;
  monitor::Definition definition;
  std::vector<model::MonitorGroup> groups;

  model::MonitorStatus status() const;  // the worst of its groups
  std::string_view state() const;       // the same as a word; "Ignored" when nobody looks at it
  bool multi() const;                   // of a composite: it has groups
  bool muted(std::int64_t at_s) const;  // all of it
};

// What the monitor of that id is, as far as it can be acted upon.
Result<std::shared_ptr<const monitor::Definition>> find_definition(store::Monitors& control,
                                                                   std::int64_t id);
// The same of a member of a composite. Error bad_request when it cannot be one.
Result<std::shared_ptr<const monitor::Definition>> find_member(store::Monitors& control,
                                                               std::int64_t id);
// Errors: of the store.
Result<KnownMonitor> known_monitor(store::Monitors& control, store::Monitor monitor);

// `with_groups`: the states of its groups, too.
void append_monitor(std::string& out, const KnownMonitor& known, bool with_groups);
void append_group(std::string& out, const model::MonitorGroup& group);

}  // namespace catalejo::api
