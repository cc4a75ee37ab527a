// The tables of prompts: a step of datasets_schema(). For this folder only.
#pragma once

namespace catalejo::store {

inline constexpr const char* kPromptsSchema =
    "CREATE TABLE prompts (id TEXT PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, title TEXT NOT NULL,"
    " description TEXT NOT NULL, author TEXT NOT NULL, versions INTEGER NOT NULL,"
    " created_ns INTEGER NOT NULL, updated_ns INTEGER NOT NULL) STRICT;"
    "CREATE TABLE prompt_versions (prompt TEXT NOT NULL REFERENCES prompts ON DELETE CASCADE,"
    " version INTEGER NOT NULL, uuid TEXT NOT NULL UNIQUE, user_version TEXT NOT NULL,"
    " text TEXT NOT NULL, config TEXT NOT NULL, description TEXT NOT NULL, author TEXT NOT NULL,"
    " created_ns INTEGER NOT NULL, PRIMARY KEY (prompt, version)) STRICT;"
    "CREATE TABLE prompt_labels (prompt TEXT NOT NULL REFERENCES prompts ON DELETE CASCADE,"
    " label TEXT NOT NULL, version INTEGER NOT NULL, author TEXT NOT NULL,"
    " since_ns INTEGER NOT NULL, PRIMARY KEY (prompt, label)) STRICT";

}  // namespace catalejo::store
