#include "store/views.hpp"

#include <fmt/format.h>

#include <mutex>

#include "base/limits.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

// "/traces": a page of our own and nothing that an address could lead away with.
bool is_page_path(std::string_view path) {
  return path.size() >= 2 && path[0] == '/' &&
         path.find_first_not_of("abcdefghijklmnopqrstuvwxyz", 1) == std::string_view::npos;
}

Result<void> check(const View& view) {
  CATALEJO_TRY(check_name(view.name));
  if (!is_page_path(view.path) || view.path.size() > limits::short_name_bytes_max)
    return bad("path", "must be the path of a page, such as /traces");
  CATALEJO_TRY(check_length("query", view.query, limits::view_query_bytes_max));
  return check_length("author", view.author, limits::short_name_bytes_max);
}

class SqliteViews : public Views {
 public:
  explicit SqliteViews(Database database) : database_(std::move(database)) {}

  Result<std::vector<View>> list() override;
  Result<std::int64_t> put(View view) override;
  Result<void> remove(std::int64_t id) override;

 private:
  Result<std::int64_t> change(const View& view);  // mutex_ is held
  Result<std::int64_t> insert(const View& view);

  std::mutex mutex_;  // guards the database
  Database database_;
};

Result<std::vector<View>> SqliteViews::list() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "SELECT id, name, path, query, author, updated_ns FROM views "
                "ORDER BY name COLLATE NOCASE, path");
  std::vector<View> views;
  while (row.step()) {
    views.push_back({.id = row.number(0),
                     .name = row.text(1),
                     .path = row.text(2),
                     .query = row.text(3),
                     .author = row.text(4),
                     .updated = {row.number(5)}});
  }
  CATALEJO_TRY(row.result());
  return views;
}

Result<std::int64_t> SqliteViews::put(View view) {
  CATALEJO_TRY(check(view));
  const std::lock_guard lock(mutex_);
  return view.id != 0 ? change(view) : insert(view);
}

Result<std::int64_t> SqliteViews::change(const View& view) {
  Statement same(database_.get(), "SELECT 1 FROM views WHERE path = ? AND name = ? AND id != ?");
  same.bind(1, view.path).bind(2, view.name).bind(3, view.id);
  if (same.step()) return bad("name", "another view of this page has this name");
  Statement update(database_.get(),
                   "UPDATE views SET path = ?, name = ?, query = ?, author = ?, updated_ns = ? "
                   "WHERE id = ?");
  update.bind(1, view.path).bind(2, view.name).bind(3, view.query).bind(4, view.author);
  update.bind(5, now().value).bind(6, view.id).step();
  CATALEJO_TRY(update.result());
  if (sqlite3_changes(database_.get()) == 0)
    return Error{Code::not_found, "there is no such view", fmt::format("{}", view.id)};
  return view.id;
}

Result<std::int64_t> SqliteViews::insert(const View& view) {
  Statement counted(database_.get(), "SELECT count(*) FROM views");
  if (counted.step() && counted.number(0) >= static_cast<std::int64_t>(limits::views_max))
    return bad("views", fmt::format("there are {} views; remove some", limits::views_max));
  Statement row(database_.get(),
                "INSERT INTO views (path, name, query, author, updated_ns) VALUES (?,?,?,?,?) "
                "ON CONFLICT (path, name) DO UPDATE SET query = excluded.query, "
                "author = excluded.author, updated_ns = excluded.updated_ns RETURNING id");
  row.bind(1, view.path).bind(2, view.name).bind(3, view.query).bind(4, view.author);
  row.bind(5, now().value);
  const std::int64_t id = row.step() ? row.number(0) : 0;
  row.step();
  CATALEJO_TRY(row.result());
  return id;
}

Result<void> SqliteViews::remove(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  Statement gone(database_.get(), "DELETE FROM views WHERE id = ?");
  gone.bind(1, id).step();
  CATALEJO_TRY(gone.result());
  if (sqlite3_changes(database_.get()) == 0)
    return Error{Code::not_found, "there is no such view", fmt::format("{}", id)};
  return {};
}

}  // namespace

Result<std::unique_ptr<Views>> Views::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  return std::unique_ptr<Views>(std::make_unique<SqliteViews>(std::move(*database)));
}

}  // namespace catalejo::store
