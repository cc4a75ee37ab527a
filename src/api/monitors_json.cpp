#include "api/monitors_json.hpp"

#include <algorithm>

#include "monitor/composite.hpp"

namespace catalejo::api {
namespace {

using model::MonitorGroup;
using model::MonitorStatus;

std::int64_t millis_of(UnixNanos time) {
  return time.value / kNanosPerMilli;
}

void append_creator(std::string& out, const std::string& author) {
  Fields creator(out);
  creator.text("email", "");
  creator.text("handle", author);
  creator.text("name", author);
  creator.close();
}

void append_ours(std::string& out, const KnownMonitor& known) {
  Fields ours(out);
  ours.text("problem", known.monitor.problem);
  ours.text("shipped", known.monitor.shipped);
  append_array(ours.key("unsupported"), known.definition.unsupported, codec::append_json_string);
  ours.known("looked_at", known.monitor.looked_s == 0 ? -1 : known.monitor.looked_s);
  ours.close();
}

void append_states(std::string& out, const std::vector<MonitorGroup>& groups) {
  Fields state(out);
  Fields all(state.key("groups"));
  for (const MonitorGroup& group : groups) append_group(all.key(group.name), group);
  all.close();
  state.close();
}

}  // namespace

MonitorStatus KnownMonitor::status() const {
  MonitorStatus worst = MonitorStatus::unknown;
  for (const MonitorGroup& group : groups)
    if (model::severity(group.status) > model::severity(worst)) worst = group.status;
  return worst;
}

std::string_view KnownMonitor::state() const {
  if (!definition.is_watched()) return "Ignored";
  const MonitorStatus worst = status();
  if (worst == MonitorStatus::unknown && monitor.looked_s > 0) return "No Data";
  return monitor::word_of(worst);
}

bool KnownMonitor::multi() const {
  if (definition.query) return definition.query->grouped();
  return std::ranges::any_of(groups, [](const MonitorGroup& group) { return group.name != "*"; });
}

bool KnownMonitor::muted(std::int64_t at_s) const {
  const auto found = definition.silenced.find("*");
  return found != definition.silenced.end() && (found->second == 0 || found->second > at_s);
}

Result<std::shared_ptr<const monitor::Definition>> find_definition(store::Monitors& control,
                                                                   std::int64_t id) {
  auto kept = control.get(id);
  if (!kept) return kept.error();
  auto definition = monitor::read_definition(std::move(kept->body), /*lenient=*/true);
  if (!definition) return definition.error();
  return std::make_shared<const monitor::Definition>(*std::move(definition));
}

Result<std::shared_ptr<const monitor::Definition>> find_member(store::Monitors& control,
                                                               std::int64_t id) {
  auto found = find_definition(control, id);
  if (!found && found.error().code != Code::not_found) return found.error();
  if (const std::string wrong = monitor::no_member(id, found ? found->get() : nullptr);
      !wrong.empty())
    return bad("query", wrong);
  return found;
}

Result<KnownMonitor> known_monitor(store::Monitors& control, store::Monitor monitor) {
  KnownMonitor known;
  auto definition = monitor::read_definition(monitor.body, /*lenient=*/true);
  if (!definition) return definition.error();
  auto groups = control.groups(monitor.id);
  if (!groups) return groups.error();
  known.monitor = std::move(monitor);
  known.definition = *std::move(definition);
  known.groups = *std::move(groups);
  return known;
}

void append_group(std::string& out, const MonitorGroup& group) {
  const auto when = [&](MonitorStatus status) {
    return group.status == status ? group.since_s : -1;
  };
  Fields fields(out);
  fields.text("name", group.name);
  fields.text("status", monitor::word_of(group.status));
  fields.known("last_nodata_ts", when(MonitorStatus::no_data));
  fields.known("last_notified_ts", group.told_s == 0 ? -1 : group.told_s);
  fields.known("last_resolved_ts", group.triggered_s == 0 ? -1 : when(MonitorStatus::ok));
  fields.known("last_triggered_ts", group.retriggered_s == 0 ? -1 : group.retriggered_s);
  // Of ours.
  fields.known("since", group.since_s == 0 ? -1 : group.since_s);
  fields.number("value", group.value);
  fields.close();
}

void append_monitor(std::string& out, const KnownMonitor& known, bool with_groups) {
  const store::Monitor& monitor = known.monitor;
  std::int64_t since_s = 0;
  for (const MonitorGroup& group : known.groups) since_s = std::max(since_s, group.since_s);
  Fields fields(out);
  fields.integer("id", monitor.id);
  fields.integer("created_at", millis_of(monitor.created));
  fields.text("created", to_rfc3339(monitor.created));
  fields.text("modified", to_rfc3339(monitor.modified));
  fields.key("deleted") += "null";
  append_creator(fields.key("creator"), monitor.author);
  fields.flag("multi", known.multi());
  fields.text("overall_state", known.state());
  if (since_s > 0) fields.text("overall_state_modified", to_rfc3339({since_s * kNanosPerSecond}));
  fields.key("matching_downtimes") += "[]";
  if (with_groups) append_states(fields.key("state"), known.groups);
  append_ours(fields.key("catalejo"), known);
  fields.close();
  // The members of the one object behind those of the other.
  out.back() = ',';
  out.append(monitor.body, 1);
}

}  // namespace catalejo::api
