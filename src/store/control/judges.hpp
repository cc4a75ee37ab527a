// The tables of judges: a step of control_schema(). For this folder only.
#pragma once

namespace catalejo::store {

inline constexpr const char* kJudgesSchema =
    "CREATE TABLE judges (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,"
    " draft TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 0, author TEXT NOT NULL,"
    " updated_ns INTEGER NOT NULL, deleted_ns INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE UNIQUE INDEX judge_names ON judges (name) WHERE deleted_ns = 0;"
    "CREATE TABLE judge_versions (judge INTEGER NOT NULL REFERENCES judges,"
    " version INTEGER NOT NULL, settings TEXT NOT NULL, author TEXT NOT NULL,"
    " at_ns INTEGER NOT NULL, PRIMARY KEY (judge, version)) STRICT;"
    "CREATE TABLE judge_days (day INTEGER NOT NULL, judge INTEGER NOT NULL, what TEXT NOT NULL,"
    " amount INTEGER NOT NULL, PRIMARY KEY (day, judge, what)) STRICT";

}  // namespace catalejo::store
