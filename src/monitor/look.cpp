#include "monitor/look.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/limits.hpp"

namespace catalejo::monitor {

namespace metrics = query::metrics;

namespace {

store::MonitorEvent event_of(const MonitorGroup& before, const Stepped& stepped,
                             std::int64_t at_s) {
  const bool again = stepped.told && stepped.told->again;
  return {.at_s = at_s,
          .group = stepped.group.name,
          .from = before.status,
          .to = stepped.group.status,
          .value = stepped.group.value,
          .what = stepped.gone    ? "gone"
                  : stepped.muted ? "muted"
                  : again         ? "reminded"
                                  : "changed"};
}

const std::map<std::string, std::string> kNoWords;

// One group of a look.
struct Turn {
  MonitorGroup before;
  const Reading* reading = nullptr;
  std::vector<std::string> tags;
};

// In a downtime the end of what was told before it may be told.
Stepped stepped_of(const Definition& definition, const Turn& turn, std::int64_t at_s, Mute mute) {
  if (definition.is_muted(turn.tags, at_s)) mute = Mute::all;
  Stepped stepped = step(definition, turn.before, turn.reading, at_s, mute == Mute::all);
  const bool is_recovery = stepped.told && stepped.told->to == MonitorStatus::ok;
  if (mute != Mute::but_recovery || !stepped.told || is_recovery) return stepped;
  return step(definition, turn.before, turn.reading, at_s, /*muted=*/true);
}

void take(const NoticeOptions& options, const Definition& definition, const Turn& turn,
          std::int64_t at_s, Mute mute, store::MonitorLook& look, std::vector<MonitorGroup>& kept) {
  const Stepped stepped = stepped_of(definition, turn, at_s, mute);
  if (stepped.changed || stepped.gone || stepped.told)
    look.events.push_back(event_of(turn.before, stepped, at_s));
  if (stepped.gone) {
    look.gone.push_back(turn.before.name);
    return;
  }
  if (stepped.told)
    for (store::MonitorNotice& notice :
         notices_of(options, look.monitor, definition, stepped, turn.tags, at_s,
                    turn.reading != nullptr ? turn.reading->words : kNoWords))
      look.notices.push_back(std::move(notice));
  look.groups.push_back(stepped.group);
  kept.push_back(stepped.group);
}

}  // namespace

Task<Result<std::vector<Reading>>> ask(Sources sources,
                                       std::shared_ptr<const Definition> definition,
                                       std::int64_t at_s, std::shared_ptr<metrics::Answers> known) {
  const MonitorQuery& query = *definition->query;
  const std::int64_t end_s = at_s - definition->evaluation_delay_s;
  if (query.spans) {
    auto rows = co_await query::ask_span_figure(*sources.store, sources.costs, *query.spans,
                                                end_s - query.window_s, end_s);
    if (!rows) co_return rows.error();
    co_return read_figures(query, *rows);
  }
  const Asked asked = asked_at(query, end_s);
  auto now =
      co_await metrics::ask(*sources.store, asked.metrics, asked.window, known, sources.costs);
  if (!now) co_return now.error();
  std::vector<metrics::Lines> before;
  if (query.change != Change::none) {
    metrics::Window window = asked.window;
    window.from_s -= query.change_s;
    window.to_s -= query.change_s;
    auto earlier = co_await metrics::ask(*sources.store, asked.metrics, window, known);
    if (!earlier) co_return earlier.error();
    before = *std::move(earlier);
  }
  co_return read_groups(*definition, *std::move(now), std::move(before));
}

store::MonitorLook advance(const NoticeOptions& options, const Definition& definition, Known& known,
                           const std::vector<Reading>& readings, std::int64_t at_s,
                           const Downtimes* downtimes) {
  store::MonitorLook look{
      .monitor = known.monitor.id, .modified = known.monitor.modified, .at_s = at_s};
  const bool first_look = known.monitor.looked_s == 0;
  std::vector<Turn> turns;
  std::set<std::string> named;
  std::map<std::string, MonitorGroup> groups;
  for (MonitorGroup& group : known.groups) groups.emplace(group.name, group);
  for (const Reading& reading : readings) {
    std::string name = name_of_group(reading.tags);
    named.insert(name);
    const auto found = groups.find(name);
    // What has no point yet is no group.
    if (found == groups.end() && reading.first_s == 0 && name != "*") continue;
    turns.push_back({.before = found != groups.end() ? found->second
                                                     : new_group(std::move(name), at_s, first_look),
                     .reading = &reading,
                     .tags = reading.tags});
  }
  for (const auto& [name, group] : groups)
    if (!named.contains(name))
      turns.push_back(
          {.before = group, .reading = nullptr, .tags = tags_of(name, definition.by())});
  std::vector<MonitorGroup> kept;
  for (const Turn& turn : turns) {
    const Mute mute = downtimes == nullptr
                          ? Mute::none
                          : downtimes->mute(known.monitor.id, definition, turn.tags, at_s);
    take(options, definition, turn, at_s, mute, look, kept);
  }
  known.groups = std::move(kept);
  known.monitor.looked_s = at_s;
  known.monitor.problem.clear();
  return look;
}

}  // namespace catalejo::monitor
