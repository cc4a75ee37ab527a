#include "monitor/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::monitor {
namespace {

namespace dom = codec::dom;
namespace metrics = query::metrics;

using Said = std::vector<std::pair<std::string, Notice>>;  // by group, in order

void add_points(ReplayPart& part, const std::vector<MonitorGroup>& groups,
                const std::vector<Reading>& readings, std::int64_t at_s) {
  for (const Reading& reading : readings) {
    if (!reading.value || part.points_count == limits::monitor_replay_points_max) continue;
    const std::string name = name_of_group(reading.tags);
    if (std::ranges::find(groups, name, &MonitorGroup::name) != groups.end()) {
      part.points[name].emplace_back(at_s, *reading.value);
      ++part.points_count;
    }
  }
}

void add_changes(ReplayPart& part, const store::MonitorLook& look, Said said) {
  for (const store::MonitorEvent& event : look.events) {
    ReplayChange change{.at_s = event.at_s,
                        .group = event.group,
                        .from = event.from,
                        .to = event.to,
                        .value = event.value,
                        .what = event.what,
                        .title = {},
                        .message = {}};
    const auto found = std::ranges::find(said, event.group, &Said::value_type::first);
    change.told = found != said.end();
    if (change.told) {
      change.title = found->second["EVENT_TITLE"];
      change.message = found->second["EVENT_MSG"];
    }
    part.changes.push_back(std::move(change));
  }
}

bool is_due(const Replayed& one, std::int64_t at_s) {
  const std::int64_t looked_s = one.known.monitor.looked_s;
  return looked_s == 0 || looked_s + one.definition->pause_s() <= at_s;
}

std::vector<Member> members_of(const Replay& replay) {
  std::vector<Member> members;
  for (const Replayed& one : replay.members)
    members.push_back(
        {.name = one.definition->name, .by = one.definition->by(), .groups = one.known.groups});
  return members;
}

using Answer = std::shared_ptr<metrics::Answers>;

// One minute of it.
Task<Result<ReplayPart>> look_once(Sources sources, ReplayPart part, Answer known) {
  Replay& replay = part.replay;
  const std::int64_t at_s = replay.next_s;
  for (Replayed& member : replay.members) {
    if (!is_due(member, at_s)) continue;
    auto readings = co_await ask(sources, member.definition, at_s, known);
    if (!readings) co_return readings.error();
    (void)advance({}, *member.definition, member.known, *readings, at_s);
    ++part.looks;
  }
  Result<std::vector<Reading>> readings = std::vector<Reading>{};
  if (replay.monitor.definition->composite)
    readings = read_members(*replay.monitor.definition->composite, members_of(replay), at_s);
  else
    readings = co_await ask(sources, replay.monitor.definition, at_s, known);
  if (!readings) co_return readings.error();
  Said said;
  NoticeOptions options;
  options.on_said = [&said](const std::string& group, const Notice& notice) {
    said.emplace_back(group, notice);
  };
  const store::MonitorLook look =
      advance(options, *replay.monitor.definition, replay.monitor.known, *readings, at_s);
  add_changes(part, look, std::move(said));
  if (replay.with_points) add_points(part, replay.monitor.known.groups, *readings, at_s);
  ++part.looks;
  co_return part;
}

void encode_group(codec::JsonObjectWriter& out, const MonitorGroup& group) {
  std::string& to = out.key(group.name);
  to +=
      fmt::format("[{},{},{},{},{},{},{},{},{},{},", static_cast<int>(group.status), group.since_s,
                  static_cast<int>(group.told), group.told_s, group.told_times, group.appeared_s,
                  group.points_since_s, group.points_s, group.triggered_s, group.retriggered_s);
  to += group.value ? fmt::format("{}]", *group.value) : "null]";
}

void encode_one(std::string& out, const Replayed& one) {
  codec::JsonObjectWriter fields(out);
  fields.key("looked") += fmt::format("{}", one.known.monitor.looked_s);
  codec::JsonObjectWriter groups(fields.key("groups"));
  for (const MonitorGroup& group : one.known.groups) encode_group(groups, group);
  groups.close();
  fields.close();
}

Error no_state() {
  return bad("state", "is none that a replay gave");
}

Result<MonitorGroup> decode_group(std::string_view name, dom::element value) {
  dom::array numbers;
  if (value.get(numbers) != simdjson::SUCCESS || numbers.size() != 11) return no_state();
  MonitorGroup group{.name = std::string(name)};
  std::int64_t status = 0, told = 0;
  std::int64_t* const to[] = {&status,
                              &group.since_s,
                              &told,
                              &group.told_s,
                              &group.told_times,
                              &group.appeared_s,
                              &group.points_since_s,
                              &group.points_s,
                              &group.triggered_s,
                              &group.retriggered_s};
  std::size_t at = 0;
  for (const dom::element number : numbers) {
    if (at < std::size(to)) {
      if (number.get(*to[at]) != simdjson::SUCCESS) return no_state();
    } else if (double read = 0; number.get(read) == simdjson::SUCCESS) {
      group.value = read;
    }
    ++at;
  }
  constexpr auto kLast = static_cast<std::int64_t>(MonitorStatus::no_data);
  constexpr std::int64_t kTimeMost = 1ll << 40;
  if (status < 0 || status > kLast || told < 0 || told > kLast) return no_state();
  for (const std::int64_t* const number : to)
    if (*number < 0 || *number > kTimeMost) return no_state();
  group.status = static_cast<MonitorStatus>(status);
  group.told = static_cast<MonitorStatus>(told);
  return group;
}

Result<void> decode_one(dom::element value, Replayed& one) {
  dom::object groups;
  if (value["looked"].get(one.known.monitor.looked_s) != simdjson::SUCCESS ||
      one.known.monitor.looked_s < 0 || value["groups"].get(groups) != simdjson::SUCCESS)
    return no_state();
  for (const dom::key_value_pair field : groups) {
    auto group = decode_group(field.key, field.value);
    if (!group) return group.error();
    one.known.groups.push_back(*std::move(group));
  }
  return {};
}

}  // namespace

Task<Result<ReplayPart>> play(Sources sources, Replay replay) {
  ReplayPart part{.replay = std::move(replay), .changes = {}, .points = {}};
  const Definition& definition = *part.replay.monitor.definition;
  if (!definition.is_watched()) co_return bad("type", "this kind of monitor is not watched here");
  const auto known = std::make_shared<metrics::Answers>();
  const std::int64_t pause_s = definition.pause_s();
  while (part.replay.next_s <= part.replay.to_s && part.looks < limits::monitor_replay_looks_max) {
    auto next = co_await look_once(sources, std::move(part), known);
    if (!next) co_return next.error();
    part = *std::move(next);
    part.replay.next_s += pause_s;
    // Windows move on, so that what was answered is of no use for long.
    known->clear();
  }
  co_return part;
}

std::string encode_groups(const Replay& replay) {
  std::string out = "[";
  encode_one(out, replay.monitor);
  for (const Replayed& member : replay.members) {
    out += ',';
    encode_one(out, member);
  }
  return out + "]";
}

Result<void> decode_groups(std::string json, Replay& replay) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(json));
  dom::array all;
  if (codec::root(document).get(all) != simdjson::SUCCESS ||
      all.size() != replay.members.size() + 1)
    return no_state();
  std::size_t at = 0;
  for (const dom::element one : all) {
    CATALEJO_TRY(decode_one(one, at == 0 ? replay.monitor : replay.members[at - 1]));
    ++at;
  }
  return {};
}

}  // namespace catalejo::monitor
