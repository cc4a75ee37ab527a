// Mute and unmute at Datadog's paths. To mute is to make a downtime of that monitor alone, from now
// on; to unmute is to cancel those. Parameters are read of the address, and of the body, where the
// `datadog` package puts them.
#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/downtimes_json.hpp"
#include "api/monitors_json.hpp"
#include "base/ascii.hpp"
#include "base/log.hpp"
#include "monitor/scope.hpp"

namespace catalejo::api {
namespace {

struct Asked {
  std::string scope = "*";
  std::int64_t end_s = 0;  // 0: until it is unmuted
  bool all_scopes = false;
};

Result<void> read_field(std::string_view name, codec::dom::element value, Asked& asked) {
  bool flag = false;
  std::int64_t number = 0;
  if (name == "all_scopes" && value.get(flag) == simdjson::SUCCESS) {
    asked.all_scopes = flag;
    return {};
  }
  if (name == "end" && value.get(number) == simdjson::SUCCESS) {
    asked.end_s = number;
    return {};
  }
  auto text = read_text(name, value);
  if (!text) return text.error();
  if (name == "scope") {
    asked.scope = *std::move(text);
  } else if (name == "all_scopes") {
    asked.all_scopes = equal_ignoring_case(*text, "true");
  } else if (name == "end") {
    auto end = parse_number(*text);
    if (!end) return bad("end", "must be Unix seconds");
    asked.end_s = *end;
  }
  return {};
}

Result<Asked> asked_of(const net::Request& request) {
  Asked asked;
  if (!request.body.empty()) {
    const auto read = [&asked](std::string_view name, codec::dom::element value) {
      return read_field(name, value, asked);
    };
    CATALEJO_TRY(read_body(request.body, read));
  }
  if (const auto scope = request.parameter("scope")) asked.scope = *scope;
  if (const auto all = request.parameter("all_scopes"))
    asked.all_scopes = equal_ignoring_case(*all, "true");
  if (const auto end = request.parameter("end")) {
    auto number = parse_number(*end);
    if (!number) return bad("end", "must be Unix seconds");
    asked.end_s = *number;
  }
  if (asked.scope.empty()) asked.scope = "*";
  return asked;
}

// A group is named as it is shown; its values may be any text.
std::string scope_in(const Asked& asked, const KnownMonitor& known) {
  const auto is_it = [&](const model::MonitorGroup& group) { return group.name == asked.scope; };
  if (std::ranges::none_of(known.groups, is_it)) return asked.scope;
  return monitor::scope_of(known.tags_of(asked.scope));
}

std::string attributes_of(std::int64_t id, const std::string& scope, std::int64_t from_s,
                          std::int64_t end_s) {
  std::string body;
  Fields fields(body);
  Fields whom(fields.key("monitor_identifier"));
  whom.integer("monitor_id", id);
  whom.close();
  fields.text("scope", scope);
  Fields schedule(fields.key("schedule"));
  schedule.text("start", to_rfc3339({from_s * kNanosPerSecond}));
  schedule.text_or_null("end", end_s == 0 ? "" : to_rfc3339({end_s * kNanosPerSecond}));
  schedule.close();
  fields.close();
  return body;
}

Result<KnownMonitor> muted_monitor(const ApiPtr& api, const std::string& id, std::int64_t at_s) {
  const auto number = parse_number(id);
  if (!number) return number.error();
  auto monitor = api->monitors.get(*number);
  if (!monitor) return monitor.error();
  const auto current = current_downtimes(api->monitors, at_s);
  if (!current) return current.error();
  return known_monitor(api->monitors, *std::move(monitor), *current);
}

net::Response mute(const ApiPtr& api, const net::Request& request, const std::string& id) {
  const std::int64_t at_s = seconds_now();
  auto asked = asked_of(request);
  if (!asked) return problem(asked.error());
  if (asked->end_s != 0 && asked->end_s <= at_s)
    return problem(bad("end", "must be in the future"));
  auto known = muted_monitor(api, id, at_s);
  if (!known) return problem(known.error());
  const std::int64_t monitor = known->monitor.id;
  const auto made = monitor::read_downtime(
      attributes_of(monitor, scope_in(*asked, *known), at_s, asked->end_s), at_s);
  if (!made) return problem(made.error());
  // The same once more says until when: nothing is muted twice.
  const auto before = std::ranges::find_if(known->downtimes, [&](const auto& one) {
    return one->is_mute() && one->made.message.empty() &&
           monitor::same(one->made.scope, made->scope);
  });
  const bool is_new = before == known->downtimes.end();
  store::Downtime downtime = is_new ? new_downtime(api, request) : (*before)->kept;
  if (auto kept = keep_downtime(api, request, std::move(downtime), *made, is_new); !kept)
    return problem(kept.error());
  log::info("audit", "monitor {} muted by {}", monitor, who(api, request));
  return monitor_answer(api, std::move(known->monitor));
}

// What was kept of it in options.silenced goes, too.
Result<store::Monitor> without_silenced(const ApiPtr& api, const KnownMonitor& known,
                                        const Asked& asked) {
  std::map<std::string, std::int64_t> silenced = known.definition.silenced;
  if (asked.all_scopes)
    silenced.clear();
  else
    silenced.erase(asked.scope);
  if (silenced.size() == known.definition.silenced.size()) return known.monitor;
  auto body = monitor::with_silenced(known.monitor.body, silenced);
  if (!body) return body.error();
  store::Monitor monitor = known.monitor;
  monitor.body = *std::move(body);
  return api->monitors.put(std::move(monitor));
}

net::Response unmute(const ApiPtr& api, const net::Request& request, const std::string& id) {
  const auto asked = asked_of(request);
  if (!asked) return problem(asked.error());
  const auto known = muted_monitor(api, id, seconds_now());
  if (!known) return problem(known.error());
  const auto scope = monitor::read_scope(scope_in(*asked, *known));
  if (!scope) return problem(scope.error());
  for (const auto& one : known->downtimes) {
    if (!one->is_mute() || (!asked->all_scopes && !monitor::same(one->made.scope, *scope)))
      continue;
    if (auto canceled = cancel(api, request, one->kept); !canceled)
      return problem(canceled.error());
  }
  auto monitor = without_silenced(api, *known, *asked);
  if (!monitor) return problem(monitor.error());
  log::info("audit", "monitor {} unmuted by {}", monitor->id, who(api, request));
  return monitor_answer(api, *std::move(monitor));
}

}  // namespace

Answer mute_monitor(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), mute);
}

Answer unmute_monitor(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), unmute);
}

}  // namespace catalejo::api
