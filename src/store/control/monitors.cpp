#include "store/monitors.hpp"

#include <fmt/format.h>

#include <mutex>

#include "base/limits.hpp"
#include "store/control/monitor_rows.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

Error no_such_monitor(std::int64_t id) {
  return {Code::not_found, "there is no such monitor", std::to_string(id)};
}

Result<void> check(const Monitor& monitor) {
  if (monitor.name.empty()) return bad("name", "must not be empty");
  CATALEJO_TRY(check_length("name", monitor.name, limits::monitor_name_bytes_max));
  CATALEJO_TRY(check_length("author", monitor.author, limits::short_name_bytes_max));
  return check_length("body", monitor.body, limits::monitor_bytes_max);
}

constexpr const char* kMonitorColumns =
    "SELECT id, name, type, query, body, author, created_ns, modified_ns, looked_s, problem, "
    "shipped FROM monitors";

Monitor read_monitor(const Statement& row) {
  return {.id = row.number(0),
          .name = row.text(1),
          .type = row.text(2),
          .query = row.text(3),
          .body = row.text(4),
          .author = row.text(5),
          .shipped = row.text(10),
          .created = {row.number(6)},
          .modified = {row.number(7)},
          .looked_s = row.number(8),
          .problem = row.text(9)};
}

class SqliteMonitors : public Monitors {
 public:
  explicit SqliteMonitors(Database database) : database_(std::move(database)) {}

  Result<std::vector<Monitor>> list() override;
  Result<Monitor> get(std::int64_t id) override;
  Result<Monitor> put(Monitor monitor) override;
  Result<void> remove(std::int64_t id) override;
  Result<bool> ship(Monitor monitor) override;
  Result<std::vector<model::MonitorGroup>> groups(std::int64_t monitor) override;
  Result<std::vector<MonitorEvent>> events(std::int64_t monitor, std::int64_t before,
                                           std::size_t count_max) override;
  Result<void> keep(const std::vector<MonitorLook>& looks) override;
  Result<std::vector<MonitorNotice>> notices(std::int64_t monitor, std::int64_t before,
                                             std::size_t count_max) override;
  Result<std::vector<MonitorNotice>> due(std::int64_t now_ms, std::size_t count_max) override;
  Result<void> begin_attempt(const MonitorNotice& notice) override;
  Result<void> end_attempt(const MonitorNotice& notice) override;
  Result<void> prune(UnixNanos before) override;
  Result<MonitorCounts> counts() override;
  Result<std::vector<Channel>> channels() override;
  Result<Channel> channel(const std::string& name) override;
  Result<void> put_channel(const Channel& channel, bool is_new) override;
  Result<void> remove_channel(const std::string& name) override;
  Result<std::vector<Downtime>> downtimes() override;
  Result<Downtime> downtime(const std::string& id) override;
  Result<Downtime> put_downtime(Downtime downtime, bool is_new) override;

 private:
  // mutex_ is held in all of these.
  Result<Monitor> find(std::int64_t id);
  Result<void> insert(Monitor& monitor);
  Result<void> change(const Monitor& monitor);
  Result<void> keep(const MonitorLook& look);
  Result<std::int64_t> count(const char* sql);

  std::mutex mutex_;  // guards the database
  Database database_;
};

Result<std::vector<Monitor>> SqliteMonitors::list() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(), fmt::format("{} ORDER BY id", kMonitorColumns).c_str());
  std::vector<Monitor> monitors;
  while (row.step()) monitors.push_back(read_monitor(row));
  CATALEJO_TRY(row.result());
  return monitors;
}

Result<Monitor> SqliteMonitors::get(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  return find(id);
}

Result<Monitor> SqliteMonitors::find(std::int64_t id) {
  Statement row(database_.get(), fmt::format("{} WHERE id = ?", kMonitorColumns).c_str());
  row.bind(1, id);
  if (row.step()) return read_monitor(row);
  CATALEJO_TRY(row.result());
  return no_such_monitor(id);
}

Result<Monitor> SqliteMonitors::put(Monitor monitor) {
  CATALEJO_TRY(check(monitor));
  const std::lock_guard lock(mutex_);
  monitor.modified = now();
  if (monitor.id == 0) {
    CATALEJO_TRY(insert(monitor));
  } else {
    CATALEJO_TRY(transact(database_.get(), [&] { return change(monitor); }));
  }
  return find(monitor.id);
}

Result<std::int64_t> SqliteMonitors::count(const char* sql) {
  Statement row(database_.get(), sql);
  const std::int64_t number = row.step() ? row.number(0) : 0;
  CATALEJO_TRY(row.result());
  return number;
}

Result<void> SqliteMonitors::insert(Monitor& monitor) {
  auto there = count("SELECT count(*) FROM monitors");
  if (!there) return there.error();
  if (*there >= static_cast<std::int64_t>(limits::monitors_max))
    return bad("monitors", fmt::format("there are {} monitors; remove some", *there));
  Statement row(database_.get(),
                "INSERT INTO monitors (name, type, query, body, author, created_ns, modified_ns,"
                " shipped) VALUES (?,?,?,?,?,?,?,?)");
  row.bind(1, monitor.name).bind(2, monitor.type).bind(3, monitor.query).bind(4, monitor.body);
  row.bind(5, monitor.author).bind(6, monitor.modified.value).bind(7, monitor.modified.value);
  row.bind(8, monitor.shipped).step();
  CATALEJO_TRY(row.result());
  monitor.id = sqlite3_last_insert_rowid(database_.get());
  return {};
}

Result<void> SqliteMonitors::change(const Monitor& monitor) {
  auto before = find(monitor.id);
  if (!before) return before.error();
  Statement update(database_.get(),
                   "UPDATE monitors SET name = ?, type = ?, query = ?, body = ?, modified_ns = ? "
                   "WHERE id = ?");
  update.bind(1, monitor.name).bind(2, monitor.type).bind(3, monitor.query).bind(4, monitor.body);
  update.bind(5, monitor.modified.value).bind(6, monitor.id).step();
  CATALEJO_TRY(update.result());
  if (before->query == monitor.query) return {};
  Statement groups(database_.get(), "DELETE FROM monitor_groups WHERE monitor = ?");
  groups.bind(1, monitor.id).step();
  CATALEJO_TRY(groups.result());
  Statement anew(database_.get(), "UPDATE monitors SET looked_s = 0, problem = '' WHERE id = ?");
  anew.bind(1, monitor.id).step();
  return anew.result();
}

Result<void> SqliteMonitors::remove(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  Statement gone(database_.get(), "DELETE FROM monitors WHERE id = ?");
  gone.bind(1, id).step();
  CATALEJO_TRY(gone.result());
  if (sqlite3_changes(database_.get()) == 0) return no_such_monitor(id);
  return {};
}

Result<bool> SqliteMonitors::ship(Monitor monitor) {
  CATALEJO_TRY(check(monitor));
  const std::lock_guard lock(mutex_);
  monitor.modified = now();
  bool fresh = false;
  const auto put_once = [&]() -> Result<void> {
    Statement row(database_.get(),
                  "INSERT OR IGNORE INTO monitors_shipped (key, at_ns) VALUES (?,?)");
    row.bind(1, monitor.shipped).bind(2, monitor.modified.value).step();
    if (auto put = row.result(); !put) return put;
    fresh = sqlite3_changes(database_.get()) > 0;
    return fresh ? insert(monitor) : Result<void>{};
  };
  if (auto kept = transact(database_.get(), put_once); !kept) return kept.error();
  return fresh;
}

Result<std::vector<model::MonitorGroup>> SqliteMonitors::groups(std::int64_t monitor) {
  const std::lock_guard lock(mutex_);
  return read_groups(database_.get(), monitor);
}

Result<std::vector<MonitorEvent>> SqliteMonitors::events(std::int64_t monitor, std::int64_t before,
                                                         std::size_t count_max) {
  const std::lock_guard lock(mutex_);
  return read_events(database_.get(), monitor, before, count_max);
}

Result<void> SqliteMonitors::keep(const std::vector<MonitorLook>& looks) {
  const std::lock_guard lock(mutex_);
  return transact(database_.get(), [&]() -> Result<void> {
    for (const MonitorLook& look : looks) CATALEJO_TRY(keep(look));
    return {};
  });
}

Result<void> SqliteMonitors::keep(const MonitorLook& look) {
  Statement looked(database_.get(),
                   "UPDATE monitors SET looked_s = ?, problem = ? "
                   "WHERE id = ? AND modified_ns = ?");
  looked.bind(1, look.at_s).bind(2, look.problem).bind(3, look.monitor);
  looked.bind(4, look.modified.value).step();
  CATALEJO_TRY(looked.result());
  if (sqlite3_changes(database_.get()) == 0) return {};  // changed or removed meanwhile
  return write_look(database_.get(), look);
}

Result<std::vector<MonitorNotice>> SqliteMonitors::notices(std::int64_t monitor,
                                                           std::int64_t before,
                                                           std::size_t count_max) {
  const std::lock_guard lock(mutex_);
  return read_notices(database_.get(), monitor, before, count_max);
}

Result<std::vector<MonitorNotice>> SqliteMonitors::due(std::int64_t now_ms, std::size_t count_max) {
  const std::lock_guard lock(mutex_);
  return read_due(database_.get(), now_ms, count_max);
}

Result<void> SqliteMonitors::begin_attempt(const MonitorNotice& notice) {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "UPDATE monitor_notices SET attempts = attempts + 1 WHERE id = ? AND state = 0");
  row.bind(1, notice.id).step();
  return row.result();
}

Result<void> SqliteMonitors::end_attempt(const MonitorNotice& notice) {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "UPDATE monitor_notices SET state = ?, next_ms = ?, done_ms = ?, http_status = ?,"
                " problem = ? WHERE id = ?");
  row.bind(1, static_cast<std::int64_t>(notice.state)).bind(2, notice.next_ms);
  row.bind(3, notice.done_ms).bind(4, notice.http_status).bind(5, notice.problem);
  row.bind(6, notice.id).step();
  return row.result();
}

Result<void> SqliteMonitors::prune(UnixNanos before) {
  const std::lock_guard lock(mutex_);
  Statement events(database_.get(), "DELETE FROM monitor_events WHERE at_s < ?");
  events.bind(1, before.value / kNanosPerSecond).step();
  CATALEJO_TRY(events.result());
  Statement notices(database_.get(),
                    "DELETE FROM monitor_notices WHERE state <> 0 AND created_ms < ?");
  notices.bind(1, before.value / kNanosPerMilli).step();
  CATALEJO_TRY(notices.result());
  Statement over(database_.get(),
                 "DELETE FROM downtimes WHERE (canceled_ns > 0 AND canceled_ns < ?)"
                 " OR (ends_s > 0 AND ends_s < ?)");
  over.bind(1, before.value).bind(2, before.value / kNanosPerSecond).step();
  return over.result();
}

Result<MonitorCounts> SqliteMonitors::counts() {
  const std::lock_guard lock(mutex_);
  auto waiting = count("SELECT count(*) FROM monitor_notices WHERE state = 0");
  if (!waiting) return waiting.error();
  return MonitorCounts{.notices_waiting = *waiting};
}

Error no_such_channel(const std::string& name) {
  return {Code::not_found, "there is no such channel", name};
}

constexpr const char* kChannelColumns =
    "SELECT name, kind, settings, author, modified_ns FROM channels";

Channel read_channel(const Statement& row) {
  return {.name = row.text(0),
          .kind = row.text(1),
          .settings = row.text(2),
          .author = row.text(3),
          .modified = {row.number(4)}};
}

Result<std::vector<Channel>> SqliteMonitors::channels() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(), fmt::format("{} ORDER BY name", kChannelColumns).c_str());
  std::vector<Channel> channels;
  while (row.step()) channels.push_back(read_channel(row));
  CATALEJO_TRY(row.result());
  return channels;
}

Result<Channel> SqliteMonitors::channel(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(), fmt::format("{} WHERE name = ?", kChannelColumns).c_str());
  row.bind(1, name);
  if (row.step()) return read_channel(row);
  CATALEJO_TRY(row.result());
  return no_such_channel(name);
}

Result<void> SqliteMonitors::put_channel(const Channel& channel, bool is_new) {
  CATALEJO_TRY(check_name(channel.name));
  CATALEJO_TRY(check_length("settings", channel.settings, limits::channel_bytes_max));
  const std::lock_guard lock(mutex_);
  auto there = count("SELECT count(*) FROM channels");
  if (!there) return there.error();
  if (is_new && *there >= static_cast<std::int64_t>(limits::channels_max))
    return bad("channels", fmt::format("there are {} channels; remove some", *there));
  Statement row(database_.get(),
                is_new
                    ? "INSERT OR IGNORE INTO channels (kind, settings, author, modified_ns, name)"
                      " VALUES (?,?,?,?,?)"
                    : "UPDATE channels SET kind = ?, settings = ?, author = ?, modified_ns = ?"
                      " WHERE name = ?");
  row.bind(1, channel.kind).bind(2, channel.settings).bind(3, channel.author);
  row.bind(4, now().value).bind(5, channel.name).step();
  CATALEJO_TRY(row.result());
  if (sqlite3_changes(database_.get()) > 0) return {};
  return is_new ? bad("name", fmt::format("there is a channel {} already", channel.name))
                : no_such_channel(channel.name);
}

Result<void> SqliteMonitors::remove_channel(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Statement gone(database_.get(), "DELETE FROM channels WHERE name = ?");
  gone.bind(1, name).step();
  CATALEJO_TRY(gone.result());
  if (sqlite3_changes(database_.get()) == 0) return no_such_channel(name);
  return {};
}

// Of random bits, as RFC 9562 writes its version 4.
std::string new_uuid() {
  std::string hex = random_hex(16);
  hex[12] = '4';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) & 3u];
  for (const std::size_t at : {8u, 13u, 18u, 23u}) hex.insert(at, 1, '-');
  return hex;
}

Error no_such_downtime(const std::string& id) {
  return {Code::not_found, "there is no such downtime", id};
}

constexpr const char* kDowntimeColumns =
    "SELECT id, body, author, created_ns, modified_ns, canceled_ns, ends_s FROM downtimes";

Downtime read_downtime(const Statement& row) {
  return {.id = row.text(0),
          .body = row.text(1),
          .author = row.text(2),
          .created = {row.number(3)},
          .modified = {row.number(4)},
          .canceled = {row.number(5)},
          .ends_s = row.number(6)};
}

Result<std::vector<Downtime>> SqliteMonitors::downtimes() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                fmt::format("{} ORDER BY created_ns DESC, id", kDowntimeColumns).c_str());
  std::vector<Downtime> downtimes;
  while (row.step()) downtimes.push_back(read_downtime(row));
  CATALEJO_TRY(row.result());
  return downtimes;
}

Result<Downtime> SqliteMonitors::downtime(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(), fmt::format("{} WHERE id = ?", kDowntimeColumns).c_str());
  row.bind(1, id);
  if (row.step()) return read_downtime(row);
  CATALEJO_TRY(row.result());
  return no_such_downtime(id);
}

Result<Downtime> SqliteMonitors::put_downtime(Downtime downtime, bool is_new) {
  CATALEJO_TRY(check_length("body", downtime.body, limits::downtime_bytes_max));
  const std::lock_guard lock(mutex_);
  auto there = count("SELECT count(*) FROM downtimes");
  if (!there) return there.error();
  if (is_new && *there >= static_cast<std::int64_t>(limits::downtimes_max))
    return bad("downtimes", fmt::format("there are {} downtimes; those that are over go by "
                                        "themselves after some months",
                                        *there));
  downtime.modified = now();
  if (is_new) {
    downtime.created = downtime.modified;
    downtime.id = new_uuid();
  }
  Statement row(database_.get(),
                is_new ? "INSERT INTO downtimes (body, canceled_ns, ends_s, modified_ns, author,"
                         " created_ns, id) VALUES (?1,?2,?3,?4,?5,?6,?7)"
                       : "UPDATE downtimes SET body = ?1, canceled_ns = ?2, ends_s = ?3,"
                         " modified_ns = ?4 WHERE id = ?7");
  row.bind(1, downtime.body).bind(2, downtime.canceled.value).bind(3, downtime.ends_s);
  row.bind(4, downtime.modified.value).bind(7, downtime.id);
  if (is_new) row.bind(5, downtime.author).bind(6, downtime.created.value);
  row.step();
  CATALEJO_TRY(row.result());
  if (sqlite3_changes(database_.get()) == 0) return no_such_downtime(downtime.id);
  return downtime;
}

}  // namespace

Result<std::unique_ptr<Monitors>> Monitors::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  return std::unique_ptr<Monitors>(std::make_unique<SqliteMonitors>(std::move(*database)));
}

}  // namespace catalejo::store
