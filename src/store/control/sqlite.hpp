// The files control.sqlite and datasets.sqlite: their schemas, and a statement as a value. For this
// folder only.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace catalejo::store {

// A name that a person gives: not empty, not longer than limits::short_name_bytes_max.
Result<void> check_name(const std::string& name);
// What is longer than `bytes_max` is refused, at `where`.
Result<void> check_length(std::string where, std::string_view text, std::size_t bytes_max);
// `bytes` <= 32 unguessable bytes, as hexadecimal digits.
std::string random_hex(int bytes);
// Of what has such an id: datasets, queues, their records and items.
inline constexpr int kIdBytes = 16;

class Statement {
 public:
  Statement(sqlite3* database, const char* sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(int at, std::string_view text);
  Statement& bind_real(int at, double number);
  Statement& bind_blob(int at, std::string_view bytes);
  Statement& bind(int at, std::int64_t number);
  // True while there is a row; an error ends the rows and shows in result().
  bool step();
  Result<void> result() const;
  std::string text(int column) const;
  std::int64_t number(int column) const;
  double real(int column) const;
  bool is_null(int column) const;

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  bool prepared_ = false;
  int last_;
};

struct CloseDatabase {
  void operator()(sqlite3* database) const;
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

Result<void> execute(sqlite3* database, const char* sql);

// Runs `change`, which gives a Result<void>, as one transaction: all of it or nothing.
template <typename Change>
Result<void> transact(sqlite3* database, Change change) {
  CATALEJO_TRY(execute(database, "BEGIN IMMEDIATE"));
  Result<void> done = change();
  if (!done) {
    // The reason of the failure is what counts; without a COMMIT nothing is kept either way.
    CATALEJO_TRY(execute(database, "ROLLBACK"));
    return done;
  }
  return execute(database, "COMMIT");
}

// The migrations of control.sqlite and of datasets.sqlite. Version N of a schema is made by the
// first N statements.
std::span<const char* const> control_schema();
std::span<const char* const> datasets_schema();
// Makes and migrates the file when it must.
Result<Database> open_database(const std::string& path,
                               std::span<const char* const> schema = control_schema());

}  // namespace catalejo::store
