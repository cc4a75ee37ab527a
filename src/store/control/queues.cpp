#include "store/queues.hpp"

#include <fmt/format.h>

#include <mutex>

#include "base/ids.hpp"
#include "base/limits.hpp"
#include "codec/json_writer.hpp"
#include "store/control/queue_rows.hpp"
#include "store/control/rule_rows.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

constexpr const char* kQueueColumns =
    "SELECT q.id, q.project, q.name, q.description, q.owner, s.labels, q.schema_version, "
    "q.reviewers, q.created_by, q.modified_by, q.created_ns, q.updated_ns, "
    "(SELECT count(*) FROM queue_items i WHERE i.queue = q.id AND i.deleted_ns = 0), "
    "(SELECT count(*) FROM (SELECT a.item FROM queue_items i JOIN queue_answers a ON a.item = i.id "
    "WHERE i.queue = q.id AND i.deleted_ns = 0 AND a.skipped = 0 AND a.schema_version = "
    "q.schema_version GROUP BY a.item HAVING count(*) >= q.reviewers)) "
    "FROM queues q JOIN queue_schemas s ON s.queue = q.id AND s.version = q.schema_version "
    "WHERE q.deleted_ns = 0 AND ";

Error no_queue(const std::string& id) {
  return Error{Code::not_found, "there is no such queue", id};
}

Queue read_queue(const Statement& row) {
  return {.id = row.text(0),
          .project = row.text(1),
          .name = row.text(2),
          .description = row.text(3),
          .owner = row.text(4),
          .labels = row.text(5),
          .schema_version = row.number(6),
          .reviewers = row.number(7),
          .created_by = row.text(8),
          .modified_by = row.text(9),
          .created = {row.number(10)},
          .updated = {row.number(11)},
          .items = row.number(12),
          .done = row.number(13)};
}

Result<void> check(const Queue& queue) {
  CATALEJO_TRY(check_name(queue.name));
  CATALEJO_TRY(check_length("description", queue.description, limits::comment_bytes_max));
  for (const auto& [where, text] : {std::pair{"owned_by", &queue.owner},
                                    {"author", &queue.modified_by},
                                    {"project_id", &queue.project}})
    CATALEJO_TRY(check_length(where, *text, limits::short_name_bytes_max));
  if (queue.reviewers < 1 || queue.reviewers > limits::queue_reviewers_max)
    return bad("reviewers", fmt::format("must be 1 to {}", limits::queue_reviewers_max));
  return {};
}

class SqliteQueues : public Queues {
 public:
  explicit SqliteQueues(Database database) : database_(std::move(database)) {}

  Result<std::vector<Queue>> list() override;
  Result<Queue> get(const std::string& id) override;
  Result<Queue> create(Queue queue) override;
  Result<Queue> update(const std::string& id, const QueueUpdate& update) override;
  Result<void> remove(const std::string& id) override;
  Result<Queue> restore(const std::string& id) override;
  Result<std::string> labels(const std::string& id, std::int64_t version) override;
  Result<std::vector<AddedItem>> add(const std::string& id, std::vector<QueueItem> items) override;
  Result<std::int64_t> remove_items(const std::string& id,
                                    const std::vector<std::string>& items) override;
  Result<QueueItem> item(const std::string& id, const std::string& item) override;
  Result<ReviewPage> items(const std::string& id, const ItemsAsked& asked) override;
  Result<AnsweredPage> answered(const std::string& id, std::int64_t version, std::int64_t after,
                                std::size_t limit) override;
  Result<FoundItems> find_items(const std::vector<std::string>& contents, std::int64_t offset,
                                std::int64_t limit) override;
  Result<QueueAnswer> put_answer(const std::string& id, QueueAnswer answer) override;
  Result<std::optional<QueueAnswer>> find_answer(const std::string& id,
                                                 const std::string& answer) override;
  Result<std::optional<QueueAnswer>> find_answer(const std::string& id, const std::string& item,
                                                 const std::string& reviewer) override;
  Result<std::vector<QueueRule>> rules() override;
  Result<std::optional<QueueRule>> rule(const std::string& id) override;
  Result<QueueRule> put_rule(QueueRule rule) override;
  Result<void> remove_rule(const std::string& id) override;
  Result<std::vector<RuleDay>> rule_days(const std::string& id) override;
  Result<std::optional<RuleCounts>> fill(const QueueRule& rule, RuleFound found) override;
  Result<void> remove_answer(const std::string& id, const std::string& answer) override;

 private:
  Result<Queue> find(const std::string& id);  // mutex_ is held
  Result<void> check_name_free(const Queue& queue);
  Result<void> write_labels(const Queue& queue);

  std::mutex mutex_;  // guards the database
  Database database_;
};

Result<Queue> SqliteQueues::find(const std::string& id) {
  Statement row(database_.get(), fmt::format("{} q.id = ?", kQueueColumns).c_str());
  row.bind(1, id);
  if (row.step()) return read_queue(row);
  CATALEJO_TRY(row.result());
  return no_queue(id);
}

Result<std::vector<Queue>> SqliteQueues::list() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                fmt::format("{} 1 ORDER BY q.name COLLATE NOCASE, q.id", kQueueColumns).c_str());
  std::vector<Queue> found;
  while (row.step()) found.push_back(read_queue(row));
  CATALEJO_TRY(row.result());
  return found;
}

Result<Queue> SqliteQueues::get(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return find(id);
}

Result<void> SqliteQueues::check_name_free(const Queue& queue) {
  Statement same(
      database_.get(),
      "SELECT 1 FROM queues WHERE deleted_ns = 0 AND project = ? AND name = ? AND id != ?");
  same.bind(1, queue.project).bind(2, queue.name).bind(3, queue.id);
  if (same.step()) return bad("name", "another queue has this name");
  return same.result();
}

Result<void> SqliteQueues::write_labels(const Queue& queue) {
  Statement row(database_.get(),
                "INSERT INTO queue_schemas (queue, version, labels, author, created_ns) "
                "VALUES (?,?,?,?,?) ON CONFLICT (queue, version) DO UPDATE SET "
                "labels = excluded.labels, author = excluded.author");
  row.bind(1, queue.id).bind(2, queue.schema_version).bind(3, queue.labels);
  row.bind(4, queue.modified_by).bind(5, now().value).step();
  return row.result();
}

Result<Queue> SqliteQueues::create(Queue queue) {
  CATALEJO_TRY(check(queue));
  const std::lock_guard lock(mutex_);
  queue.id = random_hex(kIdBytes);
  CATALEJO_TRY(check_name_free(queue));
  Statement counted(database_.get(), "SELECT count(*) FROM queues");
  if (counted.step() && counted.number(0) >= static_cast<std::int64_t>(limits::queues_max))
    return bad("queues", fmt::format("there are {} queues, removed ones too", limits::queues_max));
  queue.created = queue.updated = now();
  const auto change = [&]() -> Result<void> {
    Statement row(database_.get(),
                  "INSERT INTO queues (id, project, name, description, owner, reviewers, "
                  "schema_version, created_by, modified_by, created_ns, updated_ns) "
                  "VALUES (?,?,?,?,?,?,?,?,?,?,?)");
    row.bind(1, queue.id).bind(2, queue.project).bind(3, queue.name).bind(4, queue.description);
    row.bind(5, queue.owner).bind(6, queue.reviewers).bind(7, queue.schema_version);
    row.bind(8, queue.created_by).bind(9, queue.modified_by);
    row.bind(10, queue.created.value).bind(11, queue.updated.value).step();
    CATALEJO_TRY(row.result());
    return write_labels(queue);
  };
  CATALEJO_TRY(transact(database_.get(), change));
  return queue;
}

Result<Queue> SqliteQueues::update(const std::string& id, const QueueUpdate& update) {
  const std::lock_guard lock(mutex_);
  auto found = find(id);
  if (!found) return found;
  Queue queue = *found;
  queue.name = update.name.value_or(queue.name);
  queue.description = update.description.value_or(queue.description);
  queue.owner = update.owner.value_or(queue.owner);
  queue.reviewers = update.reviewers.value_or(queue.reviewers);
  queue.labels = update.labels.value_or(queue.labels);
  queue.modified_by = update.author;
  CATALEJO_TRY(check(queue));
  CATALEJO_TRY(check_name_free(queue));
  if (update.other_question) {
    Statement answered(database_.get(),
                       "SELECT 1 FROM queue_items i JOIN queue_answers a ON a.item = i.id WHERE "
                       "i.queue = ? AND a.schema_version = ? LIMIT 1");
    answered.bind(1, id).bind(2, queue.schema_version);
    if (answered.step()) ++queue.schema_version;
    CATALEJO_TRY(answered.result());
  }
  const auto change = [&]() -> Result<void> {
    Statement row(database_.get(),
                  "UPDATE queues SET name = ?, description = ?, owner = ?, reviewers = ?, "
                  "schema_version = ?, modified_by = ?, updated_ns = ? WHERE id = ?");
    row.bind(1, queue.name).bind(2, queue.description).bind(3, queue.owner);
    row.bind(4, queue.reviewers).bind(5, queue.schema_version).bind(6, queue.modified_by);
    row.bind(7, now().value).bind(8, id).step();
    CATALEJO_TRY(row.result());
    return update.labels ? write_labels(queue) : Result<void>();
  };
  CATALEJO_TRY(transact(database_.get(), change));
  return find(id);
}

Result<void> SqliteQueues::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  auto queue = find(id);
  if (!queue) return queue.error();
  Statement row(database_.get(), "UPDATE queues SET deleted_ns = ? WHERE id = ?");
  row.bind(1, now().value).bind(2, id).step();
  return row.result();
}

Result<Queue> SqliteQueues::restore(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Queue queue;
  {
    Statement gone(database_.get(),
                   "SELECT id, project, name FROM queues WHERE id = ? AND deleted_ns != 0");
    gone.bind(1, id);
    if (!gone.step()) return find(id);
    queue.id = gone.text(0);
    queue.project = gone.text(1);
    queue.name = gone.text(2);
  }
  CATALEJO_TRY(check_name_free(queue));
  Statement row(database_.get(), "UPDATE queues SET deleted_ns = 0 WHERE id = ?");
  row.bind(1, id).step();
  CATALEJO_TRY(row.result());
  return find(id);
}

Result<std::string> SqliteQueues::labels(const std::string& id, std::int64_t version) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  Statement row(database_.get(),
                "SELECT labels FROM queue_schemas WHERE queue = ? AND version = ?");
  row.bind(1, id).bind(2, version);
  if (row.step()) return row.text(0);
  CATALEJO_TRY(row.result());
  return Error{Code::not_found, "the queue has no such version of its labels",
               fmt::format("{}", version)};
}

Result<std::vector<AddedItem>> SqliteQueues::add(const std::string& id,
                                                 std::vector<QueueItem> items) {
  const std::lock_guard lock(mutex_);
  auto queue = find(id);
  if (!queue) return queue.error();
  if (static_cast<std::size_t>(queue->items) + items.size() > limits::queue_items_max)
    return bad("items", fmt::format("a queue has at most {} items", limits::queue_items_max));
  std::vector<AddedItem> added;
  const auto change = [&]() -> Result<void> {
    for (QueueItem& item : items) {
      auto one = add_item(database_.get(), id, std::move(item));
      if (!one) return one.error();
      added.push_back(*std::move(one));
    }
    return {};
  };
  CATALEJO_TRY(transact(database_.get(), change));
  return added;
}

Result<std::int64_t> SqliteQueues::remove_items(const std::string& id,
                                                const std::vector<std::string>& items) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  std::int64_t removed = 0;
  const auto change = [&]() -> Result<void> {
    for (const std::string& item : items) {
      Statement row(database_.get(),
                    "UPDATE queue_items SET deleted_ns = ?, updated_ns = ?1 WHERE queue = ? AND "
                    "id = ? AND deleted_ns = 0");
      row.bind(1, now().value).bind(2, id).bind(3, item).step();
      CATALEJO_TRY(row.result());
      removed += sqlite3_changes(database_.get());
    }
    return {};
  };
  CATALEJO_TRY(transact(database_.get(), change));
  return removed;
}

Result<QueueItem> SqliteQueues::item(const std::string& id, const std::string& item) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  Statement row(database_.get(),
                fmt::format("SELECT {} FROM queue_items i WHERE i.queue = ? AND i.id = ? AND "
                            "i.deleted_ns = 0",
                            kItemColumns)
                    .c_str());
  row.bind(1, id).bind(2, item);
  if (row.step()) return read_item(row);
  CATALEJO_TRY(row.result());
  return Error{Code::not_found, "the queue has no such item", item};
}

Result<ReviewPage> SqliteQueues::items(const std::string& id, const ItemsAsked& asked) {
  const std::lock_guard lock(mutex_);
  auto queue = find(id);
  if (!queue) return queue.error();
  return read_review_page(database_.get(), *queue, asked);
}

Result<AnsweredPage> SqliteQueues::answered(const std::string& id, std::int64_t version,
                                            std::int64_t after, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  return read_answered_page(database_.get(), id, version, after, limit);
}

Result<FoundItems> SqliteQueues::find_items(const std::vector<std::string>& contents,
                                            std::int64_t offset, std::int64_t limit) {
  std::string list = "[";
  for (const std::string& content : contents) {
    if (list.size() > 1) list += ',';
    codec::append_json_string(list, content);
  }
  list += ']';
  const std::lock_guard lock(mutex_);
  return read_found_items(database_.get(), list, offset, limit);
}

Result<QueueAnswer> SqliteQueues::put_answer(const std::string& id, QueueAnswer answer) {
  const std::lock_guard lock(mutex_);
  auto queue = find(id);
  if (!queue) return queue.error();
  if (answer.schema_version != 0 && answer.schema_version != queue->schema_version)
    return bad("schema_version", "the labels were changed meanwhile; load them again");
  answer.schema_version = queue->schema_version;
  Statement row(database_.get(),
                "INSERT INTO queue_answers (id, item, reviewer, schema_version, skipped, "
                "label_values, created_ns, updated_ns) VALUES (?,?,?,?,?,?,?7,?7) "
                "ON CONFLICT (item, reviewer, schema_version) DO UPDATE SET "
                "skipped = excluded.skipped, label_values = excluded.label_values, "
                "updated_ns = excluded.updated_ns RETURNING id, created_ns, updated_ns");
  row.bind(1, random_hex(kIdBytes)).bind(2, answer.item).bind(3, answer.reviewer);
  row.bind(4, answer.schema_version).bind(5, std::int64_t{answer.skipped}).bind(6, answer.values);
  row.bind(7, now().value);
  if (row.step()) {
    answer.id = row.text(0);
    answer.created = {row.number(1)};
    answer.updated = {row.number(2)};
    row.step();
  }
  CATALEJO_TRY(row.result());
  return answer;
}

Result<std::optional<QueueAnswer>> SqliteQueues::find_answer(const std::string& id,
                                                             const std::string& answer) {
  const std::lock_guard lock(mutex_);
  return read_one_answer(database_.get(), id, "a.id = ?2", answer, "");
}

Result<std::optional<QueueAnswer>> SqliteQueues::find_answer(const std::string& id,
                                                             const std::string& item,
                                                             const std::string& reviewer) {
  const std::lock_guard lock(mutex_);
  return read_one_answer(database_.get(), id, "a.item = ?2 AND a.reviewer = ?3", item, reviewer);
}

Result<void> SqliteQueues::remove_answer(const std::string& id, const std::string& answer) {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "DELETE FROM queue_answers WHERE id = ? AND item IN (SELECT id FROM queue_items "
                "WHERE queue = ?)");
  row.bind(1, answer).bind(2, id).step();
  return row.result();
}

Result<std::vector<QueueRule>> SqliteQueues::rules() {
  const std::lock_guard lock(mutex_);
  return read_rules(database_.get(), "q.deleted_ns = 0", "");
}

Result<std::optional<QueueRule>> SqliteQueues::rule(const std::string& id) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  auto found = read_rules(database_.get(), "r.queue = ?", id);
  if (!found) return found.error();
  if (found->empty()) return std::optional<QueueRule>();
  return std::optional<QueueRule>(std::move(found->front()));
}

Result<QueueRule> SqliteQueues::put_rule(QueueRule rule) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(rule.queue));
  rule.since = rule.through = now();
  Statement row(database_.get(),
                "INSERT INTO queue_rules (queue, type, filter, sample, daily_max, author, "
                "since_ns, through_ns, problem) VALUES (?,?,?,?,?,?,?7,?7,'') "
                "ON CONFLICT (queue) DO UPDATE SET type = excluded.type, "
                "filter = excluded.filter, sample = excluded.sample, "
                "daily_max = excluded.daily_max, author = excluded.author, "
                "since_ns = excluded.since_ns, through_ns = excluded.through_ns, problem = ''");
  row.bind(1, rule.queue).bind(2, rule.type).bind(3, rule.filter).bind_real(4, rule.sample);
  row.bind(5, rule.daily_max).bind(6, rule.author).bind(7, rule.since.value).step();
  CATALEJO_TRY(row.result());
  return rule;
}

Result<void> SqliteQueues::remove_rule(const std::string& id) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  Statement row(database_.get(), "DELETE FROM queue_rules WHERE queue = ?");
  row.bind(1, id).step();
  return row.result();
}

Result<std::vector<RuleDay>> SqliteQueues::rule_days(const std::string& id) {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(find(id));
  return read_rule_days(database_.get(), id);
}

Result<std::optional<RuleCounts>> SqliteQueues::fill(const QueueRule& rule, RuleFound found) {
  const std::lock_guard lock(mutex_);
  auto queue = find(rule.queue);
  if (!queue) return queue.error();
  const auto room = static_cast<std::int64_t>(limits::queue_items_max) - queue->items;
  std::optional<RuleCounts> counts;
  const auto change = [&]() -> Result<void> {
    auto kept = read_rules(database_.get(), "r.queue = ?", rule.queue);
    if (!kept) return kept.error();
    if (kept->empty() || kept->front().since != rule.since) return {};
    auto told = add_found(database_.get(), rule, found, room);
    if (!told) return told.error();
    if (!is_worth_writing(*told, kept->front(), rule)) return {};
    counts = *told;
    return write_fill(database_.get(), rule, found.day, *told);
  };
  CATALEJO_TRY(transact(database_.get(), change));
  return counts;
}

}  // namespace

std::string new_label_id() {
  return random_hex(kIdBytes);
}

Result<std::unique_ptr<Queues>> Queues::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  return std::unique_ptr<Queues>(std::make_unique<SqliteQueues>(std::move(*database)));
}

}  // namespace catalejo::store
