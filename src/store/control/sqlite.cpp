#include "store/control/sqlite.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include "base/limits.hpp"
#include "store/control/azure_schema.hpp"
#include "store/control/judges.hpp"
#include "store/control/monitors_schema.hpp"

namespace catalejo::store {
namespace {

constexpr int kBusyMs = 5'000;

// A day is counted from 1970 in UTC.
constexpr const char* kQueueRules =
    "CREATE TABLE queue_rules (queue TEXT PRIMARY KEY REFERENCES queues, type TEXT NOT NULL,"
    " filter TEXT NOT NULL, sample REAL NOT NULL, daily_max INTEGER NOT NULL, author TEXT NOT NULL,"
    " since_ns INTEGER NOT NULL, through_ns INTEGER NOT NULL, problem TEXT NOT NULL) STRICT;"
    "CREATE TABLE queue_rule_days (queue TEXT NOT NULL REFERENCES queues, day INTEGER NOT NULL,"
    " added INTEGER NOT NULL, known INTEGER NOT NULL, sampled_out INTEGER NOT NULL,"
    " unnamed INTEGER NOT NULL, over_day INTEGER NOT NULL, queue_full INTEGER NOT NULL,"
    " last_added_ns INTEGER NOT NULL, PRIMARY KEY (queue, day)) STRICT";

constexpr const char* kControlSchema[] = {
    "CREATE TABLE api_keys (id TEXT PRIMARY KEY, name TEXT NOT NULL, sha256 BLOB NOT NULL UNIQUE,"
    " last4 TEXT NOT NULL, created_ns INTEGER NOT NULL, last_used_ns INTEGER NOT NULL DEFAULT 0,"
    " revoked_ns INTEGER NOT NULL DEFAULT 0) STRICT",
    // A missing bound of a validity is the end of 64 bits; -1 is a price that is not known.
    "CREATE TABLE deployments (id INTEGER PRIMARY KEY, deployment TEXT NOT NULL,"
    " resource TEXT NOT NULL, model TEXT NOT NULL, type TEXT NOT NULL,"
    " monthly_nano_usd INTEGER NOT NULL, from_ns INTEGER NOT NULL, to_ns INTEGER NOT NULL) STRICT;"
    "CREATE TABLE own_prices (id INTEGER PRIMARY KEY, model TEXT NOT NULL, type TEXT NOT NULL,"
    " input INTEGER NOT NULL, cached_input INTEGER NOT NULL, cache_write INTEGER NOT NULL,"
    " output INTEGER NOT NULL, audio_input INTEGER NOT NULL, audio_output INTEGER NOT NULL,"
    " from_ns INTEGER NOT NULL, to_ns INTEGER NOT NULL, note TEXT NOT NULL) STRICT",
    "CREATE TABLE views (id INTEGER PRIMARY KEY, path TEXT NOT NULL, name TEXT NOT NULL,"
    " query TEXT NOT NULL, author TEXT NOT NULL, updated_ns INTEGER NOT NULL,"
    " UNIQUE (path, name)) STRICT",
    "CREATE TABLE queues (id TEXT PRIMARY KEY, project TEXT NOT NULL, name TEXT NOT NULL,"
    " description TEXT NOT NULL, owner TEXT NOT NULL, reviewers INTEGER NOT NULL,"
    " schema_version INTEGER NOT NULL, created_by TEXT NOT NULL, modified_by TEXT NOT NULL,"
    " created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL,"
    " deleted_ns INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE UNIQUE INDEX queue_names ON queues (project, name) WHERE deleted_ns = 0;"
    "CREATE TABLE queue_schemas (queue TEXT NOT NULL REFERENCES queues, version INTEGER NOT NULL,"
    " labels TEXT NOT NULL, author TEXT NOT NULL, created_ns INTEGER NOT NULL,"
    " PRIMARY KEY (queue, version)) STRICT;"
    "CREATE TABLE queue_items (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " queue TEXT NOT NULL REFERENCES queues, type TEXT NOT NULL, content TEXT NOT NULL,"
    " added_by TEXT NOT NULL, created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL,"
    " deleted_ns INTEGER NOT NULL DEFAULT 0, UNIQUE (queue, type, content)) STRICT;"
    "CREATE INDEX queue_order ON queue_items (queue, seq);"
    "CREATE TABLE queue_answers (id TEXT PRIMARY KEY,"
    " item TEXT NOT NULL REFERENCES queue_items (id), reviewer TEXT NOT NULL,"
    " schema_version INTEGER NOT NULL, skipped INTEGER NOT NULL, label_values TEXT NOT NULL,"
    " created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL,"
    " UNIQUE (item, reviewer, schema_version)) STRICT",
    "CREATE TABLE redaction_rules (seq INTEGER PRIMARY KEY, id INTEGER NOT NULL,"
    " name TEXT NOT NULL, app TEXT NOT NULL, target TEXT NOT NULL, pattern TEXT NOT NULL,"
    " action TEXT NOT NULL, enabled INTEGER NOT NULL, removed INTEGER NOT NULL,"
    " author TEXT NOT NULL, at_ns INTEGER NOT NULL) STRICT;"
    "CREATE INDEX redaction_versions ON redaction_rules (id, seq)",
    kQueueRules,
    // A row a change; the newest of an evaluator holds.
    "CREATE TABLE evaluator_settings (seq INTEGER PRIMARY KEY, evaluator TEXT NOT NULL,"
    " enabled INTEGER NOT NULL, threshold TEXT NOT NULL, sampling_ppm INTEGER NOT NULL,"
    " query TEXT NOT NULL, options TEXT NOT NULL, keep_passes INTEGER NOT NULL,"
    " author TEXT NOT NULL,"
    " created_ns INTEGER NOT NULL) STRICT;"
    "CREATE INDEX evaluator_settings_of ON evaluator_settings (evaluator, seq);"
    // States: 0 waiting, 1 running, 2 done, 3 cancelled, 4 failed.
    "CREATE TABLE evaluator_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, evaluator TEXT NOT NULL,"
    " version INTEGER NOT NULL, from_ns INTEGER NOT NULL, to_ns INTEGER NOT NULL,"
    " state INTEGER NOT NULL DEFAULT 0, spans INTEGER NOT NULL DEFAULT 0,"
    " seen INTEGER NOT NULL DEFAULT 0, judged INTEGER NOT NULL DEFAULT 0,"
    " failed INTEGER NOT NULL DEFAULT 0, at_ns INTEGER NOT NULL, at_trace TEXT NOT NULL DEFAULT '',"
    " at_span INTEGER NOT NULL DEFAULT 0, author TEXT NOT NULL, problem TEXT NOT NULL DEFAULT '',"
    " created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL) STRICT;"
    "CREATE INDEX evaluator_runs_open ON evaluator_runs (state, id) WHERE state < 2",
    kJudgesSchema,
    "CREATE TABLE dashboards (id TEXT PRIMARY KEY, title TEXT NOT NULL, layout TEXT NOT NULL,"
    " body TEXT NOT NULL, author TEXT NOT NULL, created_ns INTEGER NOT NULL,"
    " modified_ns INTEGER NOT NULL) STRICT",
    // Traces and sessions that evaluators judge once nothing has come of them for a while.
    "CREATE TABLE waiting_wholes (evaluator TEXT NOT NULL, name TEXT NOT NULL,"
    " first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL, due_ms INTEGER NOT NULL,"
    " PRIMARY KEY (evaluator, name)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX waiting_wholes_due ON waiting_wholes (due_ms)",
    // 0: it is there; else when it was removed.
    "ALTER TABLE dashboards ADD COLUMN deleted_ns INTEGER NOT NULL DEFAULT 0",
    kMonitorsSchema,
    kAzureSchema,
    kDowntimesSchema,
    kMonitorsShipped,
};

Result<void> migrate(sqlite3* database, const std::string& path,
                     std::span<const char* const> schema) {
  // The lock comes first: two processes may open a new file at the same time.
  CATALEJO_TRY(execute(database, "BEGIN IMMEDIATE"));
  std::int64_t version = 0;
  {
    Statement statement(database, "PRAGMA user_version");
    if (statement.step()) version = statement.number(0);
  }
  const auto newest = static_cast<std::int64_t>(schema.size());
  if (version > newest) {
    return Error{Code::config,
                 fmt::format("the file is of schema {}, this program knows {}; it was written by a "
                             "newer version",
                             version, newest),
                 path};
  }
  for (std::int64_t i = version; i < newest; ++i)
    CATALEJO_TRY(execute(database, schema[static_cast<std::size_t>(i)]));
  CATALEJO_TRY(execute(database, fmt::format("PRAGMA user_version={}", newest).c_str()));
  return execute(database, "COMMIT");
}

}  // namespace

std::span<const char* const> control_schema() {
  return kControlSchema;
}

Result<void> check_name(const std::string& name) {
  if (!name.empty() && name.size() <= limits::short_name_bytes_max) return {};
  return bad("name", fmt::format("must have 1 to {} bytes", limits::short_name_bytes_max));
}

Result<void> check_length(std::string where, std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return {};
  return bad(std::move(where), fmt::format("is longer than {} bytes", bytes_max));
}

std::string random_hex(int bytes) {
  unsigned char raw[32];
  CATALEJO_INVARIANT(bytes <= 32 && RAND_bytes(raw, bytes) == 1);
  std::string hex;
  for (int i = 0; i < bytes; ++i) hex += fmt::format("{:02x}", raw[i]);
  return hex;
}

Statement::Statement(sqlite3* database, const char* sql) : database_(database), last_(SQLITE_DONE) {
  prepared_ = sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) == SQLITE_OK;
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Statement& Statement::bind(int at, std::string_view text) {
  sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind_blob(int at, std::string_view bytes) {
  sqlite3_bind_blob(statement_, at, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind(int at, std::int64_t number) {
  sqlite3_bind_int64(statement_, at, number);
  return *this;
}

Statement& Statement::bind_real(int at, double number) {
  sqlite3_bind_double(statement_, at, number);
  return *this;
}

bool Statement::step() {
  last_ = prepared_ ? sqlite3_step(statement_) : SQLITE_ERROR;
  return last_ == SQLITE_ROW;
}

Result<void> Statement::result() const {
  if (prepared_ && (last_ == SQLITE_DONE || last_ == SQLITE_ROW)) return {};
  return Error{Code::database, sqlite3_errmsg(database_), "sqlite"};
}

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes ? std::string(bytes, static_cast<std::size_t>(size)) : std::string{};
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

double Statement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

void CloseDatabase::operator()(sqlite3* database) const {
  sqlite3_close(database);
}

Result<void> execute(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return Error{Code::database, sqlite3_errmsg(database), "sqlite"};
}

Result<Database> open_database(const std::string& path, std::span<const char* const> schema) {
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database(raw);
  if (opened != SQLITE_OK)
    return Error{Code::io, fmt::format("cannot open: {}", sqlite3_errmsg(raw)), path};
  ::chmod(path.c_str(), 0600);
  sqlite3_busy_timeout(raw, kBusyMs);
  CATALEJO_TRY(execute(raw, "PRAGMA journal_mode=WAL"));
  CATALEJO_TRY(execute(raw, "PRAGMA synchronous=FULL"));
  CATALEJO_TRY(execute(raw, "PRAGMA foreign_keys=ON"));
  CATALEJO_TRY(migrate(raw, path, schema));
  return database;
}

}  // namespace catalejo::store
