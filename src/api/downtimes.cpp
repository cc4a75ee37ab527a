// /api/v2/downtime: times in which nothing is told. Contract: Datadog's API reference, Downtimes.
#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/downtimes_json.hpp"
#include "api/monitors_json.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "monitor/readings.hpp"

namespace catalejo::api {
namespace {

constexpr std::size_t kPageMax = 1'000;
constexpr std::size_t kNextMax = 5;       // times that come next, as a page shows them
constexpr std::size_t kMonitorsMax = 20;  // of those that a downtime is of, by name

std::string rfc3339(std::int64_t at_s) {
  return to_rfc3339({at_s * kNanosPerSecond});
}

std::string_view status_of(const KnownDowntime& known, std::int64_t at_s) {
  if (known.kept.canceled.value != 0) return "canceled";
  if (!known.window) return "ended";
  return known.is_on(at_s) ? "active" : "scheduled";
}

void append_window(std::string& out, const monitor::Window& window) {
  Fields fields(out);
  fields.text("start", rfc3339(window.from_s));
  fields.text_or_null("end", window.to_s == 0 ? std::string() : rfc3339(window.to_s));
  fields.close();
}

// As it was given, and of what comes again the time that is or comes next.
void append_schedule(std::string& out, codec::dom::element given,
                     const std::optional<monitor::Window>& next, bool recurs) {
  Fields fields(out);
  codec::dom::object schedule;
  if (given.get(schedule) == simdjson::SUCCESS)
    for (const codec::dom::key_value_pair field : schedule)
      codec::append_json(fields.key(field.key), field.value);
  if (recurs && next) append_window(fields.key("current_downtime"), *next);
  fields.close();
}

// All monitors, to be held against what a downtime names.
struct Monitor {
  std::int64_t id = 0;
  monitor::Definition definition;
};

Result<std::vector<Monitor>> all_monitors(store::Monitors& control) {
  auto kept = control.list();
  if (!kept) return kept.error();
  std::vector<Monitor> all;
  for (store::Monitor& one : *kept) {
    auto definition = monitor::read_definition(std::move(one.body), /*lenient=*/true);
    if (!definition) return definition.error();
    all.push_back({.id = one.id, .definition = *std::move(definition)});
  }
  return all;
}

// Of a monitor that it is of: how many of its groups it is of, too.
Result<void> append_affected_monitor(std::string& out, store::Monitors& control,
                                     const Monitor& monitor, const monitor::Downtime& made) {
  const auto groups = control.groups(monitor.id);
  if (!groups) return groups.error();
  const auto covered = std::ranges::count_if(*groups, [&](const model::MonitorGroup& group) {
    return made.covers(monitor.definition, monitor::tags_of(group.name, monitor.definition.by()));
  });
  Fields fields(out);
  fields.integer("id", monitor.id);
  fields.text("name", monitor.definition.name);
  fields.integer("groups", static_cast<std::int64_t>(groups->size()));
  fields.integer("covered", covered);
  fields.close();
  return {};
}

// Which monitors it is of, and when it comes next: what a page shows before it is kept.
struct Effect {
  std::string monitors = "[]", next = "[]";
  std::int64_t count = 0;
};

Result<Effect> effect_of(store::Monitors& control, const std::vector<Monitor>& monitors,
                         const monitor::Downtime& made, std::int64_t at_s) {
  Effect effect{.monitors = "[", .next = "["};
  for (const Monitor& one : monitors) {
    if (!made.is_of(one.id, one.definition)) continue;
    if (++effect.count > static_cast<std::int64_t>(kMonitorsMax)) continue;
    if (effect.count > 1) effect.monitors += ',';
    CATALEJO_TRY(append_affected_monitor(effect.monitors, control, one, made));
  }
  effect.monitors += ']';
  for (std::size_t i = 0; i < kNextMax; ++i) {
    const auto window = made.window(at_s);
    if (!window) break;
    if (i > 0) effect.next += ',';
    append_window(effect.next, *window);
    if (window->to_s == 0) break;
    at_s = window->to_s;
  }
  effect.next += ']';
  return effect;
}

void append_effect(Fields& fields, const Effect& effect) {
  fields.key("monitors") += effect.monitors;
  fields.integer("monitors_count", effect.count);
  fields.key("next") += effect.next;
}

void append_attributes(std::string& out, const KnownDowntime& known, const Effect* effect,
                       codec::dom::object given) {
  const store::Downtime& kept = known.kept;
  Fields fields(out);
  fields.text_or_null("canceled",
                      kept.canceled.value == 0 ? std::string() : to_rfc3339(kept.canceled));
  fields.text("created", to_rfc3339(kept.created));
  fields.text("modified", to_rfc3339(kept.modified));
  fields.text("status", status_of(known, seconds_now()));
  const auto missing = [&given](std::string_view name) {
    return given[name].error() != simdjson::SUCCESS;
  };
  if (missing("display_timezone")) fields.text("display_timezone", "UTC");
  if (missing("message")) fields.key("message") += "null";
  if (missing("mute_first_recovery_notification"))
    fields.flag("mute_first_recovery_notification", false);
  if (missing("notify_end_states"))
    fields.key("notify_end_states") += R"(["alert","no data","warn"])";
  if (missing("notify_end_types")) fields.key("notify_end_types") += R"(["expired"])";
  for (const codec::dom::key_value_pair field : given) {
    if (field.key == "schedule")
      append_schedule(fields.key("schedule"), field.value, known.window,
                      !known.made.recurrences.empty());
    else
      codec::append_json(fields.key(field.key), field.value);
  }
  Fields ours(fields.key("catalejo"));
  append_array(ours.key("unsupported"), known.made.unsupported, codec::append_json_string);
  ours.text("author", kept.author);
  if (effect != nullptr) append_effect(ours, *effect);
  ours.close();
  fields.close();
}

Result<void> append_downtime(std::string& out, const KnownDowntime& known,
                             const Effect* effect = nullptr) {
  codec::JsonDocument document;
  std::string body = known.made.body;
  CATALEJO_TRY(document.parse(body));
  codec::dom::object given;
  if (codec::root(document).get(given) != simdjson::SUCCESS)
    return Error{Code::corrupt, "a kept downtime is no object", known.kept.id};
  Fields fields(out);
  fields.text("id", known.kept.id);
  fields.text("type", "downtime");
  append_attributes(fields.key("attributes"), known, effect, given);
  fields.key("relationships") +=
      known.made.monitor_id == 0
          ? std::string(R"({"monitor":{"data":null}})")
          : fmt::format(R"({{"monitor":{{"data":{{"id":"{}","type":"monitors"}}}}}})",
                        known.made.monitor_id);
  fields.close();
  return {};
}

net::Response downtime_answer(store::Downtime kept) {
  auto known = known_downtime(std::move(kept), seconds_now());
  if (!known) return problem(known.error());
  std::string body = R"({"data":)";
  if (auto appended = append_downtime(body, *known); !appended) return problem(appended.error());
  return json_answer(body + "}");
}

// {"data":{"attributes":{…}}}
Result<std::string> attributes_of(std::string body) {
  if (body.size() > limits::downtime_bytes_max)
    return Error{Code::body_too_large, "the body is longer than this route takes", "body"};
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  codec::dom::element attributes;
  if (codec::root(document)["data"]["attributes"].get(attributes) != simdjson::SUCCESS ||
      !attributes.is_object())
    return bad("data.attributes", "must be an object");
  std::string out;
  codec::append_json(out, attributes);
  return out;
}

net::Response keep(const ApiPtr& api, const net::Request& request, store::Downtime downtime,
                   const monitor::Downtime& made, bool is_new) {
  auto kept = keep_downtime(api, request, std::move(downtime), made, is_new);
  if (!kept) return problem(kept.error());
  return downtime_answer(*std::move(kept));
}

std::int64_t number_or(const net::Request& request, std::string_view name, std::int64_t fallback) {
  const auto number = parse_number(request.parameter(name).value_or(""));
  return number && *number >= 0 ? *number : fallback;
}

bool is_current(const store::Downtime& kept) {
  return kept.canceled.value == 0 && (kept.ends_s == 0 || kept.ends_s > seconds_now());
}

net::Response list(const ApiPtr& api, const net::Request& request, const std::string&) {
  auto kept = api->monitors.downtimes();
  if (!kept) return problem(kept.error());
  const bool current_only = request.parameter("current_only").value_or("") == "true";
  if (current_only)
    std::erase_if(*kept, [](const store::Downtime& one) { return !is_current(one); });
  // Of ours: with the monitors that each is of, and the times that come next.
  const bool effects = request.parameter("effects").value_or("") == "true";
  const auto monitors = effects ? all_monitors(api->monitors) : std::vector<Monitor>{};
  if (!monitors) return problem(monitors.error());
  const auto size = static_cast<std::size_t>(number_or(request, "page[limit]", 30));
  const auto skipped = static_cast<std::size_t>(number_or(request, "page[offset]", 0));
  std::string body = R"({"data":[)";
  const std::int64_t at_s = seconds_now();
  for (std::size_t i = skipped; i < kept->size() && i < skipped + std::min(size, kPageMax); ++i) {
    if (i > skipped) body += ',';
    const auto known = known_downtime(std::move((*kept)[i]), at_s);
    if (!known) return problem(known.error());
    const auto effect = effects ? effect_of(api->monitors, *monitors, known->made, at_s) : Effect{};
    if (!effect) return problem(effect.error());
    if (auto appended = append_downtime(body, *known, effects ? &*effect : nullptr); !appended)
      return problem(appended.error());
  }
  return json_answer(
      body + fmt::format(R"(],"meta":{{"page":{{"total_filtered_count":{}}}}}}})", kept->size()));
}

// What a downtime would do that is not kept.
net::Response preview(const ApiPtr& api, const net::Request& request, const std::string&) {
  const std::int64_t at_s = seconds_now();
  auto attributes = attributes_of(request.body);
  if (!attributes) return problem(attributes.error());
  const auto made = monitor::read_downtime(*std::move(attributes), at_s);
  if (!made) return problem(made.error());
  if (auto there = check_monitor(api->monitors, *made); !there) return problem(there.error());
  const auto monitors = all_monitors(api->monitors);
  if (!monitors) return problem(monitors.error());
  const auto effect = effect_of(api->monitors, *monitors, *made, at_s);
  if (!effect) return problem(effect.error());
  std::string body;
  Fields fields(body);
  append_effect(fields, *effect);
  append_array(fields.key("unsupported"), made->unsupported, codec::append_json_string);
  fields.close();
  return json_answer(std::move(body));
}

net::Response create(const ApiPtr& api, const net::Request& request, const std::string&) {
  auto attributes = attributes_of(request.body);
  if (!attributes) return problem(attributes.error());
  const auto made = monitor::read_downtime(*std::move(attributes), seconds_now());
  if (!made) return problem(made.error());
  return keep(api, request, new_downtime(api, request), *made, /*is_new=*/true);
}

net::Response read(const ApiPtr& api, const net::Request&, const std::string& id) {
  const auto kept = api->monitors.downtime(id);
  if (!kept) return problem(kept.error());
  return downtime_answer(*kept);
}

net::Response change(const ApiPtr& api, const net::Request& request, const std::string& id) {
  auto change = attributes_of(request.body);
  if (!change) return problem(change.error());
  auto kept = api->monitors.downtime(id);
  if (!kept) return problem(kept.error());
  if (kept->canceled.value != 0) return problem(bad("id", "it is canceled; make another"));
  auto body = monitor::changed_downtime(kept->body, *std::move(change));
  if (!body) return problem(body.error());
  const auto made = monitor::read_downtime(*std::move(body), kept->created.value / kNanosPerSecond);
  if (!made) return problem(made.error());
  return keep(api, request, *std::move(kept), *made, /*is_new=*/false);
}

net::Response cancel_it(const ApiPtr& api, const net::Request& request, const std::string& id) {
  auto kept = api->monitors.downtime(id);
  if (!kept) return problem(kept.error());
  if (auto canceled = cancel(api, request, *std::move(kept)); !canceled)
    return problem(canceled.error());
  net::Response answer;
  answer.status = 204;
  return answer;
}

// The downtimes of a monitor that are on, or will be.
net::Response matches(const ApiPtr& api, const net::Request&, const std::string& id) {
  const auto number = parse_number(id);
  if (!number) return problem(number.error());
  auto monitor = api->monitors.get(*number);
  if (!monitor) return problem(monitor.error());
  const auto definition = monitor::read_definition(std::move(monitor->body), /*lenient=*/true);
  if (!definition) return problem(definition.error());
  const auto current = current_downtimes(api->monitors, seconds_now());
  if (!current) return problem(current.error());
  std::string body = R"({"data":[)";
  std::size_t count = 0;
  for (const auto& one : *current) {
    if (!one->made.is_of(*number, *definition)) continue;
    if (count++ > 0) body += ',';
    Fields fields(body);
    fields.text("id", one->kept.id);
    fields.text("type", "downtime_match");
    Fields attributes(fields.key("attributes"));
    const monitor::Window& window = *one->window;
    attributes.text("start", rfc3339(window.from_s));
    attributes.text_or_null("end", window.to_s == 0 ? std::string() : rfc3339(window.to_s));
    attributes.text("scope", one->made.scope_text);
    attributes.key("groups") += "[]";
    attributes.close();
    fields.close();
  }
  return json_answer(body +
                     fmt::format(R"(],"meta":{{"page":{{"total_filtered_count":{}}}}}}})", count));
}

}  // namespace

Answer get_downtimes(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), list);
}

Answer create_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), create);
}

Answer get_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), read);
}

Answer patch_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), change);
}

Answer cancel_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), cancel_it);
}

Answer preview_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), preview);
}

Answer get_matches(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), matches);
}

}  // namespace catalejo::api
