// The tables of monitors: steps of control_schema(). For this folder only.
#pragma once

namespace catalejo::store {

inline constexpr const char* kMonitorsSchema =
    "CREATE TABLE monitors (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,"
    " type TEXT NOT NULL, query TEXT NOT NULL, body TEXT NOT NULL, author TEXT NOT NULL,"
    " created_ns INTEGER NOT NULL, modified_ns INTEGER NOT NULL,"
    " looked_s INTEGER NOT NULL DEFAULT 0, problem TEXT NOT NULL DEFAULT '') STRICT;"
    "CREATE TABLE monitor_groups (monitor INTEGER NOT NULL REFERENCES monitors ON DELETE CASCADE,"
    " name TEXT NOT NULL, status INTEGER NOT NULL, since_s INTEGER NOT NULL,"
    " told INTEGER NOT NULL, told_s INTEGER NOT NULL, told_times INTEGER NOT NULL,"
    " appeared_s INTEGER NOT NULL, points_since_s INTEGER NOT NULL, points_s INTEGER NOT NULL,"
    " triggered_s INTEGER NOT NULL, retriggered_s INTEGER NOT NULL, value REAL,"
    " PRIMARY KEY (monitor, name)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE monitor_events (id INTEGER PRIMARY KEY,"
    " monitor INTEGER NOT NULL REFERENCES monitors ON DELETE CASCADE, at_s INTEGER NOT NULL,"
    " name TEXT NOT NULL, before INTEGER NOT NULL, after INTEGER NOT NULL, value REAL,"
    " what TEXT NOT NULL) STRICT;"
    "CREATE INDEX monitor_events_of ON monitor_events (monitor, id);"
    // States: 0 waiting, 1 delivered, 2 given up. They outlive their monitor.
    "CREATE TABLE monitor_notices (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
    " monitor INTEGER NOT NULL, name TEXT NOT NULL, channel TEXT NOT NULL, body TEXT NOT NULL,"
    " state INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL,"
    " created_ms INTEGER NOT NULL, done_ms INTEGER NOT NULL DEFAULT 0,"
    " http_status INTEGER NOT NULL DEFAULT 0, problem TEXT NOT NULL DEFAULT '') STRICT;"
    "CREATE INDEX monitor_notices_of ON monitor_notices (monitor, id);"
    "CREATE INDEX monitor_notices_due ON monitor_notices (channel, monitor, name, id)"
    " WHERE state = 0;"
    "CREATE TABLE channels (name TEXT PRIMARY KEY, kind TEXT NOT NULL, settings TEXT NOT NULL,"
    " author TEXT NOT NULL, modified_ns INTEGER NOT NULL) STRICT";

inline constexpr const char* kDowntimesSchema =
    "CREATE TABLE downtimes (id TEXT PRIMARY KEY, body TEXT NOT NULL, author TEXT NOT NULL,"
    " created_ns INTEGER NOT NULL, modified_ns INTEGER NOT NULL,"
    " canceled_ns INTEGER NOT NULL DEFAULT 0, ends_s INTEGER NOT NULL DEFAULT 0) STRICT";

// Which of those that come with the program were made, also when somebody removed them since.
inline constexpr const char* kMonitorsShipped =
    "ALTER TABLE monitors ADD COLUMN shipped TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE monitors_shipped (key TEXT PRIMARY KEY, at_ns INTEGER NOT NULL) STRICT";

}  // namespace catalejo::store
