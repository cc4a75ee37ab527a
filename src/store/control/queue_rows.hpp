// Rows of queues: their items and answers. For this folder only; who calls holds the lock.
#pragma once

#include "store/control/sqlite.hpp"
#include "store/queues.hpp"

namespace catalejo::store {

inline constexpr const char* kItemColumns =
    "i.id, i.type, i.content, i.added_by, i.created_ns, i.updated_ns, i.seq";
inline constexpr int kItemColumnCount = 7;

// `at` is the column of the first.
QueueItem read_item(const Statement& row, int at = 0);

// A new one, under an id of its own.
Result<QueueItem> insert_item(sqlite3* database, const std::string& queue, QueueItem item);
Result<AddedItem> add_item(sqlite3* database, const std::string& queue, QueueItem item);
Result<ReviewPage> read_review_page(sqlite3* database, const Queue& queue, const ItemsAsked& asked);
Result<AnsweredPage> read_answered_page(sqlite3* database, const std::string& queue,
                                        std::int64_t version, std::int64_t after,
                                        std::size_t limit);
// `contents` is a JSON array of texts.
Result<FoundItems> read_found_items(sqlite3* database, const std::string& contents,
                                    std::int64_t offset, std::int64_t limit);
// The newest that fits `condition`, whose ?2 and ?3 are the two texts.
Result<std::optional<QueueAnswer>> read_one_answer(sqlite3* database, const std::string& queue,
                                                   const char* condition, const std::string& first,
                                                   const std::string& second);

}  // namespace catalejo::store
