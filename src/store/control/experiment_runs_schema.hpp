// The table of runs: steps of datasets_schema(). For this folder only.
#pragma once

namespace catalejo::store {

inline constexpr const char* kExperimentRunsSchema =
    "CREATE TABLE experiment_runs (experiment TEXT PRIMARY KEY REFERENCES experiments (id),"
    " settings TEXT NOT NULL, state TEXT NOT NULL, kind TEXT NOT NULL DEFAULT '',"
    " words TEXT NOT NULL DEFAULT '', total INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,"
    " failed INTEGER NOT NULL DEFAULT 0, after INTEGER NOT NULL DEFAULT 0,"
    " spent TEXT NOT NULL DEFAULT '[]', author TEXT NOT NULL, created_ns INTEGER NOT NULL,"
    " updated_ns INTEGER NOT NULL) STRICT;"
    "CREATE INDEX experiment_runs_open ON experiment_runs (state) WHERE state = 'running'";
inline constexpr const char* kAskAgainSchema =
    "ALTER TABLE experiment_runs ADD COLUMN again_after INTEGER";

}  // namespace catalejo::store
