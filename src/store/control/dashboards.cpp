#include "store/dashboards.hpp"

#include <fmt/format.h>

#include <mutex>

#include "base/limits.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

Error no_such_dashboard(const std::string& id) {
  return {Code::not_found, "there is no such dashboard", id};
}

// "abc-def-ghi", as Datadog's clients know them.
std::string new_dashboard_id() {
  std::string id = random_hex(5).substr(0, 9);
  id.insert(6, 1, '-');
  id.insert(3, 1, '-');
  return id;
}

Result<void> check(const Dashboard& dashboard) {
  if (dashboard.title.empty()) return bad("title", "must not be empty");
  CATALEJO_TRY(check_length("title", dashboard.title, limits::dashboard_title_bytes_max));
  CATALEJO_TRY(check_length("author", dashboard.author, limits::short_name_bytes_max));
  return check_length("body", dashboard.body, limits::dashboard_bytes_max);
}

class SqliteDashboards : public Dashboards {
 public:
  explicit SqliteDashboards(Database database) : database_(std::move(database)) {}

  Result<std::vector<Dashboard>> list() override;
  Result<Dashboard> get(const std::string& id) override;
  Result<Dashboard> put(Dashboard dashboard) override;
  Result<void> remove(const std::string& id) override;
  Result<void> restore(const std::string& id) override;

 private:
  Result<Dashboard> find(const std::string& id);  // mutex_ is held
  Result<void> insert(const Dashboard& dashboard);
  Result<void> change(const Dashboard& dashboard);

  std::mutex mutex_;  // guards the database
  Database database_;
};

Result<std::vector<Dashboard>> SqliteDashboards::list() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "SELECT id, title, layout, author, created_ns, modified_ns FROM dashboards "
                "WHERE deleted_ns = 0 ORDER BY title COLLATE NOCASE, id");
  std::vector<Dashboard> dashboards;
  while (row.step()) {
    dashboards.push_back({.id = row.text(0),
                          .title = row.text(1),
                          .layout = row.text(2),
                          .body = {},
                          .author = row.text(3),
                          .created = {row.number(4)},
                          .modified = {row.number(5)}});
  }
  CATALEJO_TRY(row.result());
  return dashboards;
}

Result<Dashboard> SqliteDashboards::get(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return find(id);
}

Result<Dashboard> SqliteDashboards::find(const std::string& id) {
  Statement row(database_.get(),
                "SELECT title, layout, body, author, created_ns, modified_ns FROM dashboards "
                "WHERE id = ? AND deleted_ns = 0");
  row.bind(1, id);
  if (!row.step()) {
    CATALEJO_TRY(row.result());
    return no_such_dashboard(id);
  }
  return Dashboard{.id = id,
                   .title = row.text(0),
                   .layout = row.text(1),
                   .body = row.text(2),
                   .author = row.text(3),
                   .created = {row.number(4)},
                   .modified = {row.number(5)}};
}

Result<Dashboard> SqliteDashboards::put(Dashboard dashboard) {
  CATALEJO_TRY(check(dashboard));
  const std::lock_guard lock(mutex_);
  dashboard.modified = now();
  if (dashboard.id.empty()) {
    dashboard.id = new_dashboard_id();
    CATALEJO_TRY(insert(dashboard));
  } else {
    CATALEJO_TRY(change(dashboard));
  }
  return find(dashboard.id);
}

Result<void> SqliteDashboards::insert(const Dashboard& dashboard) {
  Statement counted(database_.get(), "SELECT count(*) FROM dashboards");
  if (counted.step() && counted.number(0) >= static_cast<std::int64_t>(limits::dashboards_max))
    return bad("dashboards",
               fmt::format("there are {} dashboards, with those removed in the last {} days",
                           limits::dashboards_max, kDashboardRemovedDays));
  Statement row(database_.get(),
                "INSERT INTO dashboards (id, title, layout, body, author, created_ns, modified_ns) "
                "VALUES (?,?,?,?,?,?,?)");
  row.bind(1, dashboard.id).bind(2, dashboard.title).bind(3, dashboard.layout);
  row.bind(4, dashboard.body).bind(5, dashboard.author).bind(6, dashboard.modified.value);
  row.bind(7, dashboard.modified.value).step();
  return row.result();
}

Result<void> SqliteDashboards::change(const Dashboard& dashboard) {
  Statement update(database_.get(),
                   "UPDATE dashboards SET title = ?, layout = ?, body = ?, modified_ns = ? "
                   "WHERE id = ? AND deleted_ns = 0");
  update.bind(1, dashboard.title).bind(2, dashboard.layout).bind(3, dashboard.body);
  update.bind(4, dashboard.modified.value).bind(5, dashboard.id).step();
  CATALEJO_TRY(update.result());
  if (sqlite3_changes(database_.get()) == 0) return no_such_dashboard(dashboard.id);
  return {};
}

Result<void> SqliteDashboards::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  const std::int64_t at = now().value;
  Statement gone(database_.get(), "UPDATE dashboards SET deleted_ns = ? WHERE id = ?");
  gone.bind(1, at).bind(2, id).step();
  CATALEJO_TRY(gone.result());
  Statement old(database_.get(), "DELETE FROM dashboards WHERE deleted_ns BETWEEN 1 AND ?");
  old.bind(1, at - kDashboardRemovedDays * kNanosPerDay).step();
  return old.result();
}

Result<void> SqliteDashboards::restore(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Statement back(database_.get(), "UPDATE dashboards SET deleted_ns = 0 WHERE id = ?");
  back.bind(1, id).step();
  CATALEJO_TRY(back.result());
  if (sqlite3_changes(database_.get()) == 0) return no_such_dashboard(id);
  return {};
}

}  // namespace

Result<std::unique_ptr<Dashboards>> Dashboards::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  return std::unique_ptr<Dashboards>(std::make_unique<SqliteDashboards>(std::move(*database)));
}

}  // namespace catalejo::store
