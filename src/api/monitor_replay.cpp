// POST /api/v1/monitors/replay: when a monitor would have gone off in a time that is over. A route
// of ours; it changes nothing.
#include "api/monitor_replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/monitors_json.hpp"
#include "base/limits.hpp"
#include "monitor/replay.hpp"

namespace catalejo::api {
namespace {

struct Asked {
  std::string monitor;  // its JSON, else
  std::int64_t id = 0;
  std::int64_t from_s = 0, to_s = 0;
  std::string state;  // of the part before
  bool points = false;
};

Result<Asked> asked_of(std::string body) {
  Asked asked;
  CATALEJO_TRY(read_body(
      std::move(body),
      [&](std::string_view name, codec::dom::element value) -> Result<void> {
        if (name == "points")
          return value.get(asked.points) == simdjson::SUCCESS
                     ? Result<void>{}
                     : Result<void>(bad(name, "must be true or false"));
        if (name == "monitor" || name == "state") {
          codec::append_json(name == "state" ? asked.state : asked.monitor, value);
          return {};
        }
        std::int64_t* const to = name == "id"     ? &asked.id
                                 : name == "from" ? &asked.from_s
                                 : name == "to"   ? &asked.to_s
                                                  : nullptr;
        if (to == nullptr) return no_such_field(name);
        auto number = read_number(name, value);
        if (!number) return number.error();
        *to = *number;
        return {};
      },
      4 * limits::monitor_bytes_max));
  const std::int64_t now_s = now().value / kNanosPerSecond;
  if (asked.from_s <= 0 || asked.to_s < asked.from_s) return bad("from", "must come before to");
  asked.to_s = std::min(asked.to_s, now_s);
  return asked;
}

Result<monitor::Replay> replay_of(const ApiPtr& api, Asked asked) {
  monitor::Replay replay;
  if (asked.monitor.empty()) {
    auto kept = find_definition(api->monitors, asked.id);
    if (!kept) return kept.error();
    replay.monitor.definition = *std::move(kept);
  } else {
    auto definition = monitor::read_definition(std::move(asked.monitor), /*lenient=*/false);
    if (!definition) return definition.error();
    replay.monitor.definition = std::make_shared<const monitor::Definition>(*std::move(definition));
  }
  if (const auto& composite = replay.monitor.definition->composite) {
    for (const std::int64_t id : composite->members) {
      auto member = find_member(api->monitors, id);
      if (!member) return member.error();
      replay.members.push_back({.definition = *std::move(member), .known = {}});
    }
  }
  // Looks are made at whole minutes.
  replay.next_s = (asked.from_s + 59) / 60 * 60;
  replay.to_s = asked.to_s;
  replay.with_points = asked.points;
  if (!asked.state.empty()) CATALEJO_TRY(decode_groups(std::move(asked.state), replay));
  return replay;
}

void append_change(std::string& out, const monitor::ReplayChange& change) {
  Fields fields(out);
  fields.integer("at", change.at_s);
  fields.text("group", change.group);
  fields.text("from", monitor::word_of(change.from));
  fields.text("to", monitor::word_of(change.to));
  fields.number("value", change.value);
  fields.text("what", change.what);
  fields.flag("told", change.told);
  fields.text("title", change.title);
  fields.text("message", change.message);
  fields.close();
}

void append_line(
    std::string& out,
    const std::pair<const std::string, std::vector<std::pair<std::int64_t, double>>>& line) {
  Fields fields(out);
  fields.text("group", line.first);
  append_array(fields.key("values"), line.second,
               [](std::string& to, const std::pair<std::int64_t, double>& point) {
                 to += fmt::format("[{},{}]", point.first, point.second);
               });
  fields.close();
}

net::Response answer_of(const monitor::ReplayPart& part) {
  std::string body;
  Fields fields(body);
  fields.integer("looks", static_cast<std::int64_t>(part.looks));
  fields.known("next", part.replay.next_s > part.replay.to_s ? -1 : part.replay.next_s);
  fields.key("state") += encode_groups(part.replay);
  append_array(fields.key("changes"), part.changes, append_change);
  append_array(fields.key("lines"), part.points, append_line);
  fields.close();
  return json_answer(std::move(body));
}

}  // namespace

Answer replay_monitor(ApiPtr api, net::Request request, std::string) {
  auto asked = asked_of(std::move(request.body));
  if (!asked) co_return problem(asked.error());
  auto replay = replay_of(api, *std::move(asked));
  if (!replay) co_return problem(replay.error());
  monitor::Sources sources;
  sources.store = api->options.store;
  sources.costs = &api->costs;
  auto part = co_await monitor::play(sources, *std::move(replay));
  if (!part) co_return problem(part.error());
  co_return answer_of(*part);
}

}  // namespace catalejo::api
