#include "store/control/queue_rows.hpp"

#include <fmt/format.h>

#include "base/ids.hpp"
#include "base/limits.hpp"

namespace catalejo::store {
namespace {

constexpr const char* kAnswerColumns =
    "a.id, a.item, a.reviewer, a.schema_version, a.skipped, a.label_values, a.created_ns, "
    "a.updated_ns";

QueueAnswer read_answer(const Statement& row, int at) {
  return {.id = row.text(at),
          .item = row.text(at + 1),
          .reviewer = row.text(at + 2),
          .schema_version = row.number(at + 3),
          .skipped = row.number(at + 4) != 0,
          .values = row.text(at + 5),
          .created = {row.number(at + 6)},
          .updated = {row.number(at + 7)}};
}

// Answers of the newest schema that an item has.
constexpr const char* kAnswersOf =
    "(SELECT count(*) FROM queue_answers b WHERE b.item = i.id AND b.schema_version = ?2 AND "
    "b.skipped = 0)";

std::string condition_of(ItemState state) {
  switch (state) {
    case ItemState::open:
      return fmt::format("a.id IS NULL AND {} < ?5", kAnswersOf);
    case ItemState::answered:
      return "a.skipped = 0";
    case ItemState::skipped:
      return "a.skipped = 1";
    case ItemState::any:
      break;
  }
  return "1";
}

Result<QueueProgress> read_progress(sqlite3* database, const Queue& queue,
                                    const std::string& reviewer) {
  Statement row(database,
                fmt::format("SELECT count(*), count(a.id) FILTER (WHERE a.skipped = 0), "
                            "count(a.id) FILTER (WHERE a.skipped = 1), "
                            "count(*) FILTER (WHERE a.id IS NULL AND {} < ?4) "
                            "FROM queue_items i LEFT JOIN queue_answers a ON a.item = i.id AND "
                            "a.schema_version = ?2 AND a.reviewer = ?3 "
                            "WHERE i.queue = ?1 AND i.deleted_ns = 0",
                            kAnswersOf)
                    .c_str());
  row.bind(1, queue.id).bind(2, queue.schema_version).bind(3, reviewer).bind(4, queue.reviewers);
  QueueProgress progress;
  if (row.step())
    progress = {.items = row.number(0),
                .done = queue.done,
                .answered = row.number(1),
                .skipped = row.number(2),
                .open = row.number(3)};
  CATALEJO_TRY(row.result());
  return progress;
}

}  // namespace

QueueItem read_item(const Statement& row, int at) {
  return {.id = row.text(at),
          .type = row.text(at + 1),
          .content = row.text(at + 2),
          .added_by = row.text(at + 3),
          .created = {row.number(at + 4)},
          .updated = {row.number(at + 5)},
          .position = row.number(at + 6)};
}

Result<QueueItem> insert_item(sqlite3* database, const std::string& queue, QueueItem item) {
  item.id = random_hex(kIdBytes);
  item.created = item.updated = now();
  Statement row(database,
                "INSERT INTO queue_items (id, queue, type, content, added_by, created_ns, "
                "updated_ns) VALUES (?,?,?,?,?,?,?) RETURNING seq");
  row.bind(1, item.id).bind(2, queue).bind(3, item.type).bind(4, item.content);
  row.bind(5, item.added_by).bind(6, item.created.value).bind(7, item.updated.value);
  if (row.step()) {
    item.position = row.number(0);
    row.step();
  }
  CATALEJO_TRY(row.result());
  return item;
}

Result<AddedItem> add_item(sqlite3* database, const std::string& queue, QueueItem item) {
  AddedItem added;
  Statement known(database, fmt::format("SELECT {}, i.deleted_ns FROM queue_items i WHERE "
                                        "i.queue = ? AND i.type = ? AND i.content = ?",
                                        kItemColumns)
                                .c_str());
  known.bind(1, queue).bind(2, item.type).bind(3, item.content);
  if (known.step()) {
    added.item = read_item(known);
    added.already_existed = known.number(kItemColumnCount) == 0;
    if (added.already_existed) return added;
    Statement back(database, "UPDATE queue_items SET deleted_ns = 0, updated_ns = ? WHERE id = ?");
    back.bind(1, now().value).bind(2, added.item.id).step();
    CATALEJO_TRY(back.result());
    return added;
  }
  CATALEJO_TRY(known.result());
  auto made = insert_item(database, queue, std::move(item));
  if (!made) return made.error();
  added.item = *std::move(made);
  return added;
}

Result<ReviewPage> read_review_page(sqlite3* database, const Queue& queue,
                                    const ItemsAsked& asked) {
  ReviewPage page;
  auto progress = read_progress(database, queue, asked.reviewer);
  if (!progress) return progress.error();
  page.progress = *progress;
  Statement row(database,
                fmt::format("SELECT {}, {}, {} FROM queue_items i LEFT JOIN queue_answers a ON "
                            "a.item = i.id AND a.schema_version = ?2 AND a.reviewer = ?3 "
                            "WHERE i.queue = ?1 AND i.deleted_ns = 0 AND i.seq > ?4 AND ?5 > 0 "
                            "AND {} ORDER BY i.seq LIMIT ?6",
                            kItemColumns, kAnswersOf, kAnswerColumns, condition_of(asked.state))
                    .c_str());
  row.bind(1, queue.id).bind(2, queue.schema_version).bind(3, asked.reviewer).bind(4, asked.after);
  row.bind(5, queue.reviewers).bind(6, static_cast<std::int64_t>(asked.limit) + 1);
  while (row.step()) {
    if (page.items.size() == asked.limit) {
      page.next = page.items.back().item.position;
      break;
    }
    ReviewItem one{.item = read_item(row), .answers = row.number(kItemColumnCount), .answer = {}};
    if (QueueAnswer own = read_answer(row, kItemColumnCount + 1); !own.id.empty())
      one.answer = std::move(own);
    page.items.push_back(std::move(one));
  }
  CATALEJO_TRY(row.result());
  return page;
}

Result<AnsweredPage> read_answered_page(sqlite3* database, const std::string& queue,
                                        std::int64_t version, std::int64_t after,
                                        std::size_t limit) {
  AnsweredPage page;
  Statement row(database,
                fmt::format("SELECT {}, {} FROM (SELECT * FROM queue_items WHERE queue = ?1 AND "
                            "deleted_ns = 0 AND seq > ?2 ORDER BY seq LIMIT ?3) i "
                            "LEFT JOIN queue_answers a ON a.item = i.id AND (?4 = 0 OR "
                            "a.schema_version = ?4) ORDER BY i.seq, a.created_ns, a.id",
                            kItemColumns, kAnswerColumns)
                    .c_str());
  row.bind(1, queue).bind(2, after).bind(3, static_cast<std::int64_t>(limit) + 1).bind(4, version);
  while (row.step()) {
    QueueItem item = read_item(row);
    if (page.items.empty() || page.items.back().item.id != item.id) {
      if (page.items.size() == limit) {
        page.next = page.items.back().item.position;
        break;
      }
      page.items.push_back({.item = std::move(item), .answers = {}});
    }
    if (QueueAnswer answer = read_answer(row, kItemColumnCount); !answer.id.empty())
      page.items.back().answers.push_back(std::move(answer));
  }
  CATALEJO_TRY(row.result());
  return page;
}

Result<FoundItems> read_found_items(sqlite3* database, const std::string& contents,
                                    std::int64_t offset, std::int64_t limit) {
  // All three terms, so that the index of (queue, type, content) finds them.
  constexpr const char* kAbout =
      "FROM queues q JOIN queue_items i ON i.queue = q.id AND i.type IN ('trace', 'span', "
      "'session', 'experiment_trace') AND i.content IN (SELECT value FROM json_each(?1)) "
      "WHERE q.deleted_ns = 0 AND i.deleted_ns = 0";
  FoundItems found;
  Statement counted(database, fmt::format("SELECT count(*) {}", kAbout).c_str());
  counted.bind(1, contents);
  if (counted.step()) found.total = counted.number(0);
  CATALEJO_TRY(counted.result());
  Statement row(database,
                fmt::format("SELECT {}, q.id, q.name, {} FROM (SELECT i.seq {} ORDER BY i.seq "
                            "LIMIT ?2 OFFSET ?3) f JOIN queue_items i ON i.seq = f.seq "
                            "JOIN queues q ON q.id = i.queue LEFT JOIN queue_answers a ON "
                            "a.item = i.id AND a.schema_version = q.schema_version "
                            "ORDER BY i.seq, a.created_ns, a.id",
                            kItemColumns, kAnswerColumns, kAbout)
                    .c_str());
  row.bind(1, contents).bind(2, limit).bind(3, offset);
  while (row.step()) {
    QueueItem item = read_item(row);
    if (found.items.empty() || found.items.back().answered.item.id != item.id)
      found.items.push_back({.queue = row.text(kItemColumnCount),
                             .queue_name = row.text(kItemColumnCount + 1),
                             .answered = {.item = std::move(item), .answers = {}}});
    if (QueueAnswer answer = read_answer(row, kItemColumnCount + 2); !answer.id.empty())
      found.items.back().answered.answers.push_back(std::move(answer));
  }
  CATALEJO_TRY(row.result());
  return found;
}

Result<std::optional<QueueAnswer>> read_one_answer(sqlite3* database, const std::string& queue,
                                                   const char* condition, const std::string& first,
                                                   const std::string& second) {
  Statement row(database,
                fmt::format("SELECT {} FROM queue_items i JOIN queue_answers a ON a.item = i.id "
                            "WHERE i.queue = ?1 AND {} ORDER BY a.schema_version DESC LIMIT 1",
                            kAnswerColumns, condition)
                    .c_str());
  row.bind(1, queue).bind(2, first);
  if (std::string_view(condition).find("?3") != std::string_view::npos) row.bind(3, second);
  if (row.step()) return std::optional<QueueAnswer>(read_answer(row, 0));
  CATALEJO_TRY(row.result());
  return std::optional<QueueAnswer>();
}

}  // namespace catalejo::store
