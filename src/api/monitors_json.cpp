#include "api/monitors_json.hpp"

#include <algorithm>

#include "monitor/composite.hpp"
#include "monitor/downtime_v1.hpp"
#include "monitor/readings.hpp"
#include "monitor/scope.hpp"

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

// Whether Unmute ends it: it mutes just this group of just this monitor.
bool is_muted_alone(const KnownMonitor& known, const std::string& group) {
  if (known.definition.silenced.contains(group)) return true;
  const auto scope = monitor::read_scope(monitor::scope_of(known.tags_of(group)));
  return scope && std::ranges::any_of(known.downtimes, [&](const auto& one) {
           return one->is_mute() && monitor::same(one->made.scope, *scope);
         });
}

// Null, or until when; that is null when it is for ever.
void append_muted(std::string& out, const KnownMonitor& known, const std::string& group) {
  const auto until_s = known.muted_until(known.tags_of(group), seconds_now());
  if (!until_s) {
    out += "null";
    return;
  }
  Fields muted(out);
  muted.known("until", *until_s == 0 ? -1 : *until_s);
  muted.flag("alone", is_muted_alone(known, group));
  muted.close();
}

// One that is on: what it mutes, and whether it is of this monitor alone.
void append_silence(std::string& out, const KnownDowntime& one) {
  Fields fields(out);
  fields.text("id", one.kept.id);
  fields.text("scope", one.made.scope_text);
  fields.text("message", one.made.message);
  fields.flag("alone", one.made.monitor_id != 0);
  fields.flag("recurs", !one.made.recurrences.empty());
  fields.integer("start", one.window->from_s);
  fields.known("end", one.window->to_s == 0 ? -1 : one.window->to_s);
  fields.close();
}

void append_ours(std::string& out, const KnownMonitor& known) {
  Fields ours(out);
  append_muted(ours.key("muted"), known, "*");
  append_array(ours.key("downtimes"), known.downtimes,
               [](std::string& item, const auto& one) { append_silence(item, *one); });
  ours.text("problem", known.monitor.problem);
  ours.text("shipped", known.monitor.shipped);
  append_array(ours.key("unsupported"), known.definition.unsupported, codec::append_json_string);
  ours.known("looked_at", known.monitor.looked_s == 0 ? -1 : known.monitor.looked_s);
  ours.close();
}

void append_group(std::string& out, const KnownMonitor& known, const MonitorGroup& group) {
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
  append_muted(fields.key("muted"), known, group.name);
  fields.close();
}

void append_states(std::string& out, const KnownMonitor& known) {
  Fields state(out);
  Fields all(state.key("groups"));
  for (const MonitorGroup& group : known.groups) append_group(all.key(group.name), known, group);
  all.close();
  state.close();
}

// As Datadog's older clients know them.
void append_matching(std::string& out, const KnownDowntime& one) {
  Fields fields(out);
  fields.integer("id", monitor::number_of(one.kept.id));
  append_array(fields.key("scope"), monitor::scopes_of(one.made), codec::append_json_string);
  fields.integer("start", one.window->from_s);
  fields.known("end", one.window->to_s == 0 ? -1 : one.window->to_s);
  fields.close();
}

// What is kept, with what mutes it as options.silenced.
std::string body_of(const KnownMonitor& known) {
  std::map<std::string, std::int64_t> silenced = known.mutes();
  if (silenced.empty()) return known.monitor.body;
  silenced.insert(known.definition.silenced.begin(), known.definition.silenced.end());
  auto body = monitor::with_silenced(known.monitor.body, silenced);
  return body ? *std::move(body) : known.monitor.body;
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

std::optional<std::int64_t> KnownMonitor::muted_until(const std::vector<std::string>& tags_of_group,
                                                      std::int64_t at_s) const {
  std::optional<std::int64_t> until = definition.muted_until(tags_of_group, at_s);
  for (const auto& one : downtimes) {
    if (!one->made.covers(definition, tags_of_group)) continue;
    const std::int64_t end_s = one->window->to_s;
    until = until ? monitor::later(*until, end_s) : end_s;
  }
  return until;
}

std::vector<std::string> KnownMonitor::tags_of(const std::string& group) const {
  const std::vector<std::string> by = definition.by();
  if (!by.empty() || group == "*") return monitor::tags_of(group, by);
  // Of a composite: its members say what it is grouped by.
  std::vector<std::string> tags;
  for (std::size_t at = 0; at < group.size();) {
    const std::size_t end = std::min(group.find(',', at), group.size());
    tags.push_back(group.substr(at, end - at));
    at = end + 1;
  }
  return tags;
}

std::map<std::string, std::int64_t> KnownMonitor::mutes() const {
  std::map<std::string, std::int64_t> mutes;
  for (const auto& one : downtimes) {
    if (!one->is_mute()) continue;
    std::string scope;
    for (const std::string& tag : monitor::scopes_of(one->made))
      scope += (scope.empty() ? "" : ",") + tag;
    const auto [found, is_new] = mutes.emplace(scope, one->window->to_s);
    if (!is_new) found->second = monitor::later(found->second, one->window->to_s);
  }
  return mutes;
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

Result<KnownMonitor> known_monitor(store::Monitors& control, store::Monitor monitor,
                                   const Downtimes& current) {
  KnownMonitor known;
  auto definition = monitor::read_definition(monitor.body, /*lenient=*/true);
  if (!definition) return definition.error();
  auto groups = control.groups(monitor.id);
  if (!groups) return groups.error();
  known.monitor = std::move(monitor);
  known.definition = *std::move(definition);
  known.groups = *std::move(groups);
  for (const auto& one : current)
    if (one->is_on(seconds_now()) && one->made.is_of(known.monitor.id, known.definition))
      known.downtimes.push_back(one);
  return known;
}

net::Response monitor_answer(const ApiPtr& api, store::Monitor monitor) {
  const auto current = current_downtimes(api->monitors, seconds_now());
  if (!current) return problem(current.error());
  auto known = known_monitor(api->monitors, std::move(monitor), *current);
  if (!known) return problem(known.error());
  std::string body;
  append_monitor(body, *known, /*with_groups=*/true);
  return json_answer(std::move(body));
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
  append_array(fields.key("matching_downtimes"), known.downtimes,
               [](std::string& item, const auto& one) { append_matching(item, *one); });
  if (with_groups) append_states(fields.key("state"), known);
  append_ours(fields.key("catalejo"), known);
  fields.close();
  // The members of the one object behind those of the other.
  out.back() = ',';
  out.append(body_of(known), 1);
}

}  // namespace catalejo::api
