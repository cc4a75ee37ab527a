// What became of monitors: changes of their groups, what was told of them and whether it arrived.
// Of ours.
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

}  // namespace catalejo::api
