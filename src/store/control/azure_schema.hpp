// The tables of Azure: a step of control_schema(). For this folder only.
#pragma once

namespace catalejo::store {

inline constexpr const char* kAzureSchema =
    "CREATE TABLE azure_login (id INTEGER PRIMARY KEY CHECK (id = 1), auth TEXT NOT NULL,"
    " tenant TEXT NOT NULL, client TEXT NOT NULL, secret TEXT NOT NULL, author TEXT NOT NULL,"
    " changed_ns INTEGER NOT NULL) STRICT;"
    "CREATE TABLE azure_positions (account TEXT NOT NULL, metric TEXT NOT NULL,"
    " dimensions TEXT NOT NULL, through_s INTEGER NOT NULL, since_s INTEGER NOT NULL, PRIMARY KEY "
    "(account, metric))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE azure_subscriptions (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;"
    "CREATE TABLE azure_accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL,"
    " resource_group TEXT NOT NULL, subscription TEXT NOT NULL, region TEXT NOT NULL,"
    " kind TEXT NOT NULL, sku TEXT NOT NULL, resource TEXT NOT NULL, tags TEXT NOT NULL) STRICT;"
    // A row for each thing that a deployment was; the one without an end is what it is.
    "CREATE TABLE azure_deployments (id INTEGER PRIMARY KEY, account TEXT NOT NULL,"
    " resource TEXT NOT NULL, name TEXT NOT NULL, model TEXT NOT NULL, version TEXT NOT NULL,"
    " sku TEXT NOT NULL, capacity INTEGER NOT NULL, requests_per_minute INTEGER NOT NULL,"
    " tokens_per_minute INTEGER NOT NULL, spillover TEXT NOT NULL, state TEXT NOT NULL,"
    " from_ns INTEGER NOT NULL, to_ns INTEGER NOT NULL) STRICT;"
    "CREATE INDEX azure_deployments_of ON azure_deployments (account, name);"
    "CREATE TABLE azure_read (id INTEGER PRIMARY KEY CHECK (id = 1), at_ns INTEGER NOT NULL) "
    "STRICT";

}  // namespace catalejo::store
