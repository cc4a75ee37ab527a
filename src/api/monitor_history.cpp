// What became of monitors: changes of their groups, what was told of them and whether it arrived;
// and what is not told for a while. Mute and unmute are Datadog's, the rest is ours.
#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/monitors_json.hpp"
#include "base/log.hpp"
#include "monitor/notice.hpp"

namespace catalejo::api {
namespace {

constexpr std::size_t kRowsMax = 100;

std::string_view word_of(store::MonitorNotice::State state) {
  using State = store::MonitorNotice::State;
  return state == State::waiting ? "waiting" : state == State::delivered ? "delivered" : "given_up";
}

void append_event(std::string& out, const store::MonitorEvent& event) {
  Fields fields(out);
  fields.integer("id", event.id);
  fields.integer("at", event.at_s);
  fields.text("group", event.group);
  fields.text("from", monitor::word_of(event.from));
  fields.text("to", monitor::word_of(event.to));
  fields.number("value", event.value);
  fields.text("what", event.what);
  fields.close();
}

void append_notice(std::string& out, const store::MonitorNotice& notice) {
  Fields fields(out);
  fields.integer("id", notice.id);
  fields.text("key", notice.key);
  fields.integer("monitor", notice.monitor);
  fields.text("group", notice.group);
  fields.text("channel", notice.channel);
  fields.text("state", word_of(notice.state));
  fields.integer("attempts", notice.attempts);
  fields.integer("created", notice.created_ms);
  fields.known("done", notice.done_ms == 0 ? -1 : notice.done_ms);
  fields.known("next", notice.state == store::MonitorNotice::State::waiting ? notice.next_ms : -1);
  fields.known("http_status", notice.http_status == 0 ? -1 : notice.http_status);
  fields.text("problem", notice.problem);
  const auto said = monitor::decode(notice.body);
  const auto text = [&](const char* name) {
    if (!said) return std::string();
    const auto found = said->find(name);
    return found == said->end() ? std::string() : found->second;
  };
  fields.text("title", text("EVENT_TITLE"));
  fields.text("message", text("EVENT_MSG"));
  fields.close();
}

Result<std::int64_t> before_of(const net::Request& request) {
  const auto before = request.parameter("before");
  if (!before) return std::int64_t{0};
  return parse_number(*before);
}

// Without `scope`: all of it. The kept JSON with options.silenced changed.
Result<std::string> silenced_change(const store::Monitor& kept, const std::string& scope,
                                    std::optional<std::int64_t> until, bool all) {
  auto definition = monitor::read_definition(kept.body, /*lenient=*/true);
  if (!definition) return definition.error();
  std::map<std::string, std::int64_t> silenced = definition->silenced;
  if (all) silenced.clear();
  if (until) silenced[scope] = *until;
  if (!until) silenced.erase(scope);
  codec::JsonDocument document;
  std::string body = kept.body;
  CATALEJO_TRY(document.parse(body));
  std::string options;
  Fields fields(options);
  codec::dom::object before;
  if (codec::root(document)["options"].get(before) == simdjson::SUCCESS)
    for (const codec::dom::key_value_pair field : before)
      if (field.key != "silenced") codec::append_json(fields.key(field.key), field.value);
  Fields scopes(fields.key("silenced"));
  for (const auto& [name, end_s] : silenced)
    end_s == 0 ? void(scopes.key(name) += "null") : scopes.integer(name, end_s);
  scopes.close();
  fields.close();
  return fmt::format(R"({{"options":{}}})", options);
}

net::Response mute(const ApiPtr& api, const net::Request& request, const std::string& id,
                   std::optional<std::int64_t> until) {
  const auto number = parse_number(id);
  if (!number) return problem(number.error());
  auto kept = api->monitors.get(*number);
  if (!kept) return problem(kept.error());
  const std::string scope = request.parameter("scope").value_or("*");
  const bool all = !until && request.parameter("all_scopes").value_or("") == "true";
  auto change = silenced_change(*kept, scope, until, all);
  if (!change) return problem(change.error());
  auto body = monitor::merged(kept->body, *std::move(change));
  if (!body) return problem(body.error());
  kept->body = *std::move(body);
  auto put = api->monitors.put(*std::move(kept));
  if (!put) return problem(put.error());
  log::info("audit", "monitor {} {} by {}", *number, until ? "muted" : "unmuted",
            who(api, request));
  auto known = known_monitor(api->monitors, *std::move(put));
  if (!known) return problem(known.error());
  std::string answer;
  append_monitor(answer, *known, /*with_groups=*/true);
  return json_answer(std::move(answer));
}

}  // namespace

Answer get_monitor_events(ApiPtr api, net::Request request, std::string id) {
  const auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  const auto before = before_of(request);
  if (!before) co_return problem(before.error());
  const auto monitor = api->monitors.get(*number);
  if (!monitor) co_return problem(monitor.error());
  auto events = api->monitors.events(*number, *before, kRowsMax);
  if (!events) co_return problem(events.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("events"), *events, append_event);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_monitor_notices(ApiPtr api, net::Request request, std::string) {
  const auto before = before_of(request);
  if (!before) co_return problem(before.error());
  const auto monitor = parse_number(request.parameter("monitor").value_or("0"));
  if (!monitor) co_return problem(monitor.error());
  auto notices = api->monitors.notices(*monitor, *before, kRowsMax);
  if (!notices) co_return problem(notices.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("notices"), *notices, append_notice);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer mute_monitor(ApiPtr api, net::Request request, std::string id) {
  const auto until = parse_number(request.parameter("end").value_or("0"));
  if (!until) co_return problem(until.error());
  co_return mute(api, request, id, *until);
}

Answer unmute_monitor(ApiPtr api, net::Request request, std::string id) {
  co_return mute(api, request, id, std::nullopt);
}

}  // namespace catalejo::api
