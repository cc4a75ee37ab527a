#include "monitor/step.hpp"

#include <algorithm>

namespace catalejo::monitor {
namespace {

bool is_bad(MonitorStatus status) {
  return status == MonitorStatus::alert || status == MonitorStatus::warn ||
         status == MonitorStatus::no_data;
}

// Back from a threshold: on the other side of it, or of what was set for that.
bool recovers(const MonitorQuery& query, double value, double threshold,
              const std::optional<double>& recovery) {
  if (!recovery) return !holds(value, query.compare, threshold);
  return upwards(query.compare) ? value <= *recovery : value >= *recovery;
}

MonitorStatus compared(const Definition& definition, MonitorStatus before, const Reading& reading) {
  const MonitorQuery& query = *definition.query;
  const Thresholds& limits = definition.thresholds;
  const double value = *reading.value;
  const double back = reading.recovery.value_or(value);
  if (holds(value, query.compare, limits.critical)) return MonitorStatus::alert;
  if (before == MonitorStatus::alert &&
      !recovers(query, back, limits.critical, limits.critical_recovery))
    return MonitorStatus::alert;
  if (!limits.warning) return MonitorStatus::ok;
  if (holds(value, query.compare, *limits.warning)) return MonitorStatus::warn;
  if (before == MonitorStatus::warn &&
      !recovers(query, back, *limits.warning, limits.warning_recovery))
    return MonitorStatus::warn;
  return MonitorStatus::ok;
}

// What it is when nothing came.
MonitorStatus without_points(const Definition& definition, const MonitorGroup& group,
                             std::int64_t at_s) {
  const bool triggered =
      group.status == MonitorStatus::alert || group.status == MonitorStatus::warn;
  if (triggered && definition.timeout_s > 0 && at_s - group.points_s >= definition.timeout_s)
    return MonitorStatus::ok;
  switch (definition.missing) {
    case Missing::resolve:
      return MonitorStatus::ok;
    case Missing::show:
    case Missing::show_and_tell:
      if (definition.missing_after_s > 0 && at_s - group.points_s < definition.missing_after_s)
        return group.status;
      return MonitorStatus::no_data;
    case Missing::as_it_was:
      break;
  }
  return group.status == MonitorStatus::unknown ? MonitorStatus::no_data : group.status;
}

// Counts of which nothing came are zero.
bool is_zero(const Definition& definition, const Reading& seen) {
  return definition.query && !seen.value && seen.first_s == 0 &&
         definition.missing == Missing::as_it_was && definition.query->counts() &&
         definition.query->change == Change::none && definition.query->band().empty();
}

// Not to be compared yet.
bool too_new(const Definition& definition, const MonitorGroup& group, std::int64_t at_s) {
  if (group.appeared_s > 0 && at_s - group.appeared_s < definition.new_group_delay_s) return true;
  if (!definition.require_full_window || !definition.query || definition.query->future)
    return false;
  return group.points_since_s == 0 ||
         group.points_since_s > at_s - definition.evaluation_delay_s - definition.query->window_s +
                                    60;  // the first rollup of the window may lie in it
}

// A group of a composite is one as long as its members have it.
bool is_gone(const Definition& definition, const MonitorGroup& group, const Reading* reading,
             std::int64_t at_s) {
  if (definition.composite) return reading == nullptr;
  return (reading == nullptr || reading->first_s == 0) && definition.query->grouped() &&
         at_s - group.points_s >= definition.forget_s;
}

void set_status(MonitorGroup& group, MonitorStatus to, std::int64_t at_s) {
  if (group.status == to) return;
  if (is_bad(to) && !is_bad(group.status)) group.triggered_s = at_s;
  if (is_bad(to)) group.retriggered_s = at_s;
  group.status = to;
  group.since_s = at_s;
}

bool is_told(const Definition& definition, MonitorStatus status) {
  return status != MonitorStatus::no_data || definition.missing == Missing::show_and_tell;
}

bool is_reminded(const Definition& definition, MonitorStatus status) {
  return (status == MonitorStatus::alert && definition.remind_alert) ||
         (status == MonitorStatus::warn && definition.remind_warn) ||
         (status == MonitorStatus::no_data && definition.remind_no_data);
}

bool reminder_is_due(const Definition& definition, const MonitorGroup& group, std::int64_t at_s) {
  return definition.remind_s > 0 && is_reminded(definition, group.status) &&
         at_s - group.told_s >= definition.remind_s &&
         (definition.remind_times == 0 || group.told_times < definition.remind_times);
}

// Compares what the outside was told with what holds, so that a status that came and went while
// nothing was told stays unsaid, and one that stayed is said later.
void tell(const Definition& definition, Stepped& made, std::int64_t at_s, bool muted) {
  MonitorGroup& group = made.group;
  if (group.status == MonitorStatus::unknown || !is_told(definition, group.status)) return;
  const bool again = group.status == group.told;
  if (again && !(is_bad(group.status) && reminder_is_due(definition, group, at_s))) return;
  if (muted) {
    made.muted = made.changed;
    return;
  }
  made.told = Told{.from = group.told, .to = group.status, .again = again};
  group.told = group.status;
  group.told_s = at_s;
  group.told_times = again ? group.told_times + 1 : 0;
}

}  // namespace

MonitorGroup new_group(std::string name, std::int64_t at_s, bool first_look) {
  MonitorGroup group{.name = std::move(name)};
  group.appeared_s = first_look ? 0 : at_s;
  group.points_s = at_s;
  return group;
}

Stepped step(const Definition& definition, const MonitorGroup& before, const Reading* reading,
             std::int64_t at_s, bool muted) {
  Stepped made{.group = before};
  MonitorGroup& group = made.group;
  Reading seen = reading != nullptr ? *reading : Reading{};
  if (seen.first_s > 0) {
    group.points_s = at_s;
    if (group.points_since_s == 0 || seen.first_s < group.points_since_s)
      group.points_since_s = seen.first_s;
  }
  made.gone = is_gone(definition, group, reading, at_s);
  if (made.gone) return made;
  if (is_zero(definition, seen)) seen.value = 0;
  if (seen.status && !too_new(definition, group, at_s)) {
    set_status(group, *seen.status, at_s);
  } else if (seen.value && !too_new(definition, group, at_s)) {
    group.value = seen.value;
    set_status(group, compared(definition, group.status, seen), at_s);
  } else if (!seen.value && seen.first_s == 0) {
    set_status(group, without_points(definition, group, at_s), at_s);
  }
  // Points of which no number comes (divided by nothing, too little to learn from) say nothing.
  made.changed = group.status != before.status;
  tell(definition, made, at_s, muted);
  // What was never told to be bad needs no recovery.
  if (!is_bad(group.status) && group.told == group.status) group.told_times = 0;
  return made;
}

std::string_view word_of(MonitorStatus status) {
  switch (status) {
    case MonitorStatus::ok:
      return "OK";
    case MonitorStatus::warn:
      return "Warn";
    case MonitorStatus::alert:
      return "Alert";
    case MonitorStatus::no_data:
      return "No Data";
    case MonitorStatus::unknown:
      break;
  }
  return "Unknown";
}

}  // namespace catalejo::monitor
