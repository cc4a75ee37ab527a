// The tables of experiments: a step of datasets_schema(). For this folder only.
#pragma once

namespace catalejo::store {

// `rows`, `bytes` and `scores` count what the other two tables hold. A score of the whole has no
// span.
inline constexpr const char* kExperimentsSchema =
    "CREATE TABLE experiments (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " project TEXT NOT NULL, dataset TEXT NOT NULL, dataset_version INTEGER NOT NULL,"
    " experiment TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL,"
    " config TEXT NOT NULL, metadata TEXT NOT NULL, runs INTEGER NOT NULL, parent TEXT NOT NULL,"
    " status TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '',"
    " collected INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0,"
    " bytes INTEGER NOT NULL DEFAULT 0, scores INTEGER NOT NULL DEFAULT 0,"
    " created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL,"
    " deleted_ns INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE UNIQUE INDEX experiment_names ON experiments (project, name) WHERE deleted_ns = 0;"
    "CREATE TABLE experiment_rows (seq INTEGER PRIMARY KEY,"
    " experiment TEXT NOT NULL REFERENCES experiments (id), span_id TEXT NOT NULL,"
    " bytes INTEGER NOT NULL, trace_id TEXT NOT NULL, record TEXT NOT NULL, run INTEGER NOT NULL,"
    " name TEXT NOT NULL, start_ns INTEGER NOT NULL, duration_ns INTEGER NOT NULL,"
    " failed INTEGER NOT NULL, error_type TEXT NOT NULL, error_message TEXT NOT NULL,"
    " error_stack TEXT NOT NULL, input TEXT NOT NULL, output TEXT NOT NULL,"
    " expected TEXT NOT NULL, metadata TEXT NOT NULL, tags TEXT NOT NULL,"
    " UNIQUE (experiment, span_id)) STRICT;"
    "CREATE INDEX experiment_row_order ON experiment_rows (experiment, seq);"
    "CREATE TABLE experiment_scores (experiment TEXT NOT NULL REFERENCES experiments (id),"
    " span_id TEXT NOT NULL, label TEXT NOT NULL, trace_id TEXT NOT NULL, type TEXT NOT NULL,"
    " value TEXT NOT NULL, score REAL, assessment TEXT NOT NULL, reasoning TEXT NOT NULL,"
    " status TEXT NOT NULL, source TEXT NOT NULL, judged_by TEXT NOT NULL, error TEXT NOT NULL,"
    " metadata TEXT NOT NULL, tags TEXT NOT NULL, timestamp_ms INTEGER NOT NULL,"
    " PRIMARY KEY (experiment, span_id, label)) STRICT, WITHOUT ROWID";

}  // namespace catalejo::store
