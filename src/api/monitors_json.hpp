// Monitors as Datadog's API gives them. For this folder only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/downtimes_json.hpp"
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
  Downtimes downtimes;  // that are of it, and on

  model::MonitorStatus status() const;  // the worst of its groups
  std::string_view state() const;       // the same as a word; "Ignored" when nobody looks at it
  bool multi() const;                   // of a composite: it has groups
  std::vector<std::string> tags_of(const std::string& group) const;
  // Until when nothing is told of a group, 0 = for ever; nullopt: it is told.
  std::optional<std::int64_t> muted_until(const std::vector<std::string>& tags_of_group,
                                          std::int64_t at_s) const;
  bool muted(std::int64_t at_s) const { return muted_until({}, at_s).has_value(); }  // all of it
  // What Datadog's clients read of muting in options.silenced: scopes of what mutes this one alone,
  // once, and until when.
  std::map<std::string, std::int64_t> mutes() const;
};

// What the monitor of that id is, as far as it can be acted upon.
Result<std::shared_ptr<const monitor::Definition>> find_definition(store::Monitors& control,
                                                                   std::int64_t id);
// The same of a member of a composite. Error bad_request when it cannot be one.
Result<std::shared_ptr<const monitor::Definition>> find_member(store::Monitors& control,
                                                               std::int64_t id);
// `current`: of current_downtimes(). Errors: of the store.
Result<KnownMonitor> known_monitor(store::Monitors& control, store::Monitor monitor,
                                   const Downtimes& current);
net::Response monitor_answer(const ApiPtr& api, store::Monitor monitor);

// `with_groups`: the states of its groups, too.
void append_monitor(std::string& out, const KnownMonitor& known, bool with_groups);

}  // namespace catalejo::api
