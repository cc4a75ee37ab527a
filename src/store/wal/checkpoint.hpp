// What of the log is no longer needed: the checkpoint file says how far the database has come, and
// segments before it are deleted; their ids stay behind in small .ids files, so that a restart
// still knows them. Used by the batcher's thread, and before it starts.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/hash.hpp"
#include "base/result.hpp"

namespace catalejo::store {

// Sixteen hex digits made once per log: part of every insert token, so that two logs that write
// into one database never look like each other's retries.
Result<std::string> load_or_make_log_id(const std::string& log_dir);

Result<std::uint64_t> load_checkpoint(const std::string& log_dir);  // 0 when there is none
Result<void> save_checkpoint(const std::string& log_dir, std::uint64_t position);

// Deletes segments wholly before `checkpoint`, except the one that begins at `active_first`, after
// saving their ids; forgets .ids files beyond `ids_max` ids.
Result<void> purge_segments(const std::string& log_dir, std::uint64_t checkpoint,
                            std::uint64_t active_first, std::size_t ids_max);

// The saved ids, oldest first.
Result<void> visit_saved_ids(const std::string& log_dir, const std::function<void(Hash128)>& visit);

}  // namespace catalejo::store
