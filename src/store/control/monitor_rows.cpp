#include "store/control/monitor_rows.hpp"

#include <fmt/format.h>

#include <limits>

namespace catalejo::store {
namespace {

using model::MonitorGroup;
using model::MonitorStatus;

MonitorStatus status_of(std::int64_t number) {
  return static_cast<MonitorStatus>(number);
}

std::int64_t number_of(MonitorStatus status) {
  return static_cast<std::int64_t>(status);
}

// What is not bound is NULL.
void bind_value(Statement& row, int at, const std::optional<double>& value) {
  if (value) row.bind_real(at, *value);
}

std::optional<double> value_of(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.real(column);
}

Result<void> write_group(sqlite3* database, std::int64_t monitor, const MonitorGroup& group) {
  Statement row(database,
                "INSERT OR REPLACE INTO monitor_groups (monitor, name, status, since_s, told,"
                " told_s, told_times, appeared_s, points_since_s, points_s, triggered_s,"
                " retriggered_s, value) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
  row.bind(1, monitor).bind(2, group.name).bind(3, number_of(group.status)).bind(4, group.since_s);
  row.bind(5, number_of(group.told)).bind(6, group.told_s).bind(7, group.told_times);
  row.bind(8, group.appeared_s).bind(9, group.points_since_s).bind(10, group.points_s);
  row.bind(11, group.triggered_s).bind(12, group.retriggered_s);
  bind_value(row, 13, group.value);
  row.step();
  return row.result();
}

Result<void> write_event(sqlite3* database, std::int64_t monitor, const MonitorEvent& event) {
  Statement row(database,
                "INSERT INTO monitor_events (monitor, at_s, name, before, after, what, value)"
                " VALUES (?,?,?,?,?,?,?)");
  row.bind(1, monitor).bind(2, event.at_s).bind(3, event.group).bind(4, number_of(event.from));
  row.bind(5, number_of(event.to)).bind(6, event.what);
  bind_value(row, 7, event.value);
  row.step();
  return row.result();
}

Result<void> write_notice(sqlite3* database, const MonitorNotice& notice) {
  Statement row(database,
                "INSERT OR IGNORE INTO monitor_notices (key, monitor, name, channel, body, state,"
                " next_ms, created_ms, done_ms, problem) VALUES (?,?,?,?,?,?,?,?,?,?)");
  row.bind(1, notice.key).bind(2, notice.monitor).bind(3, notice.group).bind(4, notice.channel);
  row.bind(5, notice.body).bind(6, static_cast<std::int64_t>(notice.state));
  row.bind(7, notice.next_ms).bind(8, notice.created_ms).bind(9, notice.done_ms);
  row.bind(10, notice.problem).step();
  return row.result();
}

constexpr const char* kNoticeColumns =
    "SELECT id, key, monitor, name, channel, body, state, attempts, next_ms, created_ms, done_ms,"
    " http_status, problem FROM monitor_notices AS one";

std::vector<MonitorNotice> read_all(Statement& row) {
  std::vector<MonitorNotice> notices;
  while (row.step())
    notices.push_back({.id = row.number(0),
                       .key = row.text(1),
                       .monitor = row.number(2),
                       .group = row.text(3),
                       .channel = row.text(4),
                       .body = row.text(5),
                       .state = static_cast<MonitorNotice::State>(row.number(6)),
                       .attempts = row.number(7),
                       .next_ms = row.number(8),
                       .created_ms = row.number(9),
                       .done_ms = row.number(10),
                       .http_status = row.number(11),
                       .problem = row.text(12)});
  return notices;
}

std::int64_t below(std::int64_t before) {
  return before > 0 ? before : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

Result<std::vector<MonitorGroup>> read_groups(sqlite3* database, std::int64_t monitor) {
  Statement row(database,
                "SELECT name, status, since_s, told, told_s, told_times, appeared_s,"
                " points_since_s, points_s, triggered_s, retriggered_s, value"
                " FROM monitor_groups WHERE monitor = ? ORDER BY name");
  row.bind(1, monitor);
  std::vector<MonitorGroup> groups;
  while (row.step())
    groups.push_back({.name = row.text(0),
                      .status = status_of(row.number(1)),
                      .since_s = row.number(2),
                      .told = status_of(row.number(3)),
                      .told_s = row.number(4),
                      .told_times = row.number(5),
                      .appeared_s = row.number(6),
                      .points_since_s = row.number(7),
                      .points_s = row.number(8),
                      .triggered_s = row.number(9),
                      .retriggered_s = row.number(10),
                      .value = value_of(row, 11)});
  CATALEJO_TRY(row.result());
  return groups;
}

Result<std::vector<MonitorEvent>> read_events(sqlite3* database, std::int64_t monitor,
                                              std::int64_t before, std::size_t count_max) {
  Statement row(database,
                "SELECT id, at_s, name, before, after, value, what FROM monitor_events"
                " WHERE monitor = ? AND id < ? ORDER BY id DESC LIMIT ?");
  row.bind(1, monitor).bind(2, below(before)).bind(3, static_cast<std::int64_t>(count_max));
  std::vector<MonitorEvent> events;
  while (row.step())
    events.push_back({.id = row.number(0),
                      .at_s = row.number(1),
                      .group = row.text(2),
                      .from = status_of(row.number(3)),
                      .to = status_of(row.number(4)),
                      .value = value_of(row, 5),
                      .what = row.text(6)});
  CATALEJO_TRY(row.result());
  return events;
}

Result<std::vector<MonitorNotice>> read_notices(sqlite3* database, std::int64_t monitor,
                                                std::int64_t before, std::size_t count_max) {
  Statement row(database, fmt::format("{} WHERE (?1 = 0 OR monitor = ?1) AND id < ?2"
                                      " ORDER BY id DESC LIMIT ?3",
                                      kNoticeColumns)
                              .c_str());
  row.bind(1, monitor).bind(2, below(before)).bind(3, static_cast<std::int64_t>(count_max));
  std::vector<MonitorNotice> notices = read_all(row);
  CATALEJO_TRY(row.result());
  return notices;
}

Result<std::vector<MonitorNotice>> read_due(sqlite3* database, std::int64_t now_ms,
                                            std::size_t count_max) {
  // What has been tried seldom comes first: a channel that is away holds up nobody else.
  Statement row(database, fmt::format("{} WHERE state = 0 AND next_ms <= ?1 AND NOT EXISTS"
                                      " (SELECT 1 FROM monitor_notices AS other"
                                      " WHERE other.state = 0 AND other.channel = one.channel"
                                      " AND other.monitor = one.monitor"
                                      " AND other.name = one.name AND other.id < one.id)"
                                      " ORDER BY attempts, id LIMIT ?2",
                                      kNoticeColumns)
                              .c_str());
  row.bind(1, now_ms).bind(2, static_cast<std::int64_t>(count_max));
  std::vector<MonitorNotice> notices = read_all(row);
  CATALEJO_TRY(row.result());
  return notices;
}

Result<void> write_look(sqlite3* database, const MonitorLook& look) {
  for (const MonitorGroup& group : look.groups)
    CATALEJO_TRY(write_group(database, look.monitor, group));
  for (const std::string& name : look.gone) {
    Statement row(database, "DELETE FROM monitor_groups WHERE monitor = ? AND name = ?");
    row.bind(1, look.monitor).bind(2, name).step();
    CATALEJO_TRY(row.result());
  }
  for (const MonitorEvent& event : look.events)
    CATALEJO_TRY(write_event(database, look.monitor, event));
  for (const MonitorNotice& notice : look.notices) CATALEJO_TRY(write_notice(database, notice));
  return {};
}

}  // namespace catalejo::store
