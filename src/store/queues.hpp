// Queues of spans, traces and sessions that people are asked about, and their answers. What is
// asked is a schema of labels, kept as JSON that this room does not read (api/label_schema.hpp). In
// control.sqlite, its own connection. Thread-safe, but it waits for the disk: not for an event
// loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

struct Queue {
  std::string id, project, name, description, owner;
  std::string labels = "[]";        // JSON, of the newest version of the schema
  std::int64_t schema_version = 1;  // a change of what is asked makes the next one
  std::int64_t reviewers = 1;       // answers that an item asks for, each by another person
  std::string created_by, modified_by;
  UnixNanos created, updated;
  // Items, and those of them with as many answers of the newest schema as they ask for.
  std::int64_t items = 0, done = 0;
};

// Fields without a value stay as they are.
struct QueueUpdate {
  std::optional<std::string> name, description, owner, labels;
  std::optional<std::int64_t> reviewers;
  // The labels ask something else: answers to the old ones, if there are any, stay apart.
  bool other_question = false;
  std::string author;
};

struct QueueItem {
  std::string id;
  std::string type;     // "span", "trace", "experiment_trace" or "session"
  std::string content;  // ids as text: "<trace>", "<trace>:<span>", "<session>"
  std::string added_by;
  UnixNanos created, updated;
  std::int64_t position = 0;
};

struct AddedItem {
  QueueItem item;
  bool already_existed = false;
};

// What one person said about one item, of one version of the schema.
struct QueueAnswer {
  std::string id, item, reviewer;
  std::int64_t schema_version = 0;
  bool skipped = false;
  std::string values = "[]";  // JSON
  UnixNanos created, updated;
};

// What an item is to a person: waiting for an answer of theirs, answered or skipped by them.
enum class ItemState { any, open, answered, skipped };

struct ItemsAsked {
  std::string reviewer;
  ItemState state = ItemState::any;
  std::int64_t after = 0;  // position
  std::size_t limit = 0;
};

struct ReviewItem {
  QueueItem item;
  std::int64_t answers = 0;           // of the newest schema, skips not counted
  std::optional<QueueAnswer> answer;  // the reviewer's own
};

// Of the newest schema; answered, skipped and open as one person sees them.
struct QueueProgress {
  std::int64_t items = 0, done = 0, answered = 0, skipped = 0, open = 0;
};

struct ReviewPage {
  std::vector<ReviewItem> items;
  std::optional<std::int64_t> next;
  QueueProgress progress;
};

struct AnsweredItem {
  QueueItem item;
  std::vector<QueueAnswer> answers;  // oldest first, skips too
};
struct AnsweredPage {
  std::vector<AnsweredItem> items;
  std::optional<std::int64_t> next;
};

// An item with the queue it stands in and its answers of the newest labels there.
struct FoundItem {
  std::string queue, queue_name;
  AnsweredItem answered;
};
struct FoundItems {
  std::vector<FoundItem> items;
  std::int64_t total = 0;
};

// What fills a queue by itself: a share of the spans that come in and that a filter finds.
struct QueueRule {
  std::string queue;
  std::string type;    // of the items: "span", "trace" or "session"
  std::string filter;  // parameters of a list, without its time
  double sample = 1;
  std::int64_t daily_max = 0;  // items added in a day of UTC
  std::string author;
  UnixNanos since;      // what was received before is not taken
  UnixNanos through;    // what was received until then has been looked at
  std::string problem;  // why it does not work just now
};

// What became of the spans a rule found: one item is added, the others are not, for a reason.
struct RuleCounts {
  std::int64_t added = 0;
  std::int64_t known = 0;  // the queue has the item, or had it and somebody removed it
  std::int64_t sampled_out = 0;
  std::int64_t unnamed = 0;  // of no session
  std::int64_t over_day = 0;
  std::int64_t queue_full = 0;
};

struct RuleDay {
  std::int64_t day = 0;  // since 1970, in UTC
  RuleCounts counts;
  UnixNanos last_added;  // 0 when nothing was
};

// What was found in a stretch of time, first received ones first.
struct RuleFound {
  std::vector<QueueItem> items;
  // So many of them were looked at before: they are added if they are new, and else not counted.
  std::size_t seen_before = 0;
  std::int64_t sampled_out = 0, unnamed = 0;
  std::int64_t day = 0;
};

// An id nobody can guess, for a label that has none yet.
std::string new_label_id();

class Queues {
 public:
  static Result<std::unique_ptr<Queues>> open(const std::string& path);
  virtual ~Queues() = default;

  virtual Result<std::vector<Queue>> list() = 0;  // by name
  virtual Result<Queue> get(const std::string& id) = 0;
  virtual Result<Queue> create(Queue queue) = 0;
  virtual Result<Queue> update(const std::string& id, const QueueUpdate& update) = 0;
  // Gone from every list; `restore` brings it back with its items and answers.
  virtual Result<void> remove(const std::string& id) = 0;
  virtual Result<Queue> restore(const std::string& id) = 0;
  // The labels of a version of the schema, as JSON.
  virtual Result<std::string> labels(const std::string& id, std::int64_t version) = 0;

  // What the queue has already is not added again. One that was removed comes back with its
  // answers.
  virtual Result<std::vector<AddedItem>> add(const std::string& id,
                                             std::vector<QueueItem> items) = 0;
  virtual Result<std::int64_t> remove_items(const std::string& id,
                                            const std::vector<std::string>& items) = 0;
  virtual Result<QueueItem> item(const std::string& id, const std::string& item) = 0;
  virtual Result<ReviewPage> items(const std::string& id, const ItemsAsked& asked) = 0;
  // Items with their answers of one version of the schema; of all versions for 0.
  virtual Result<AnsweredPage> answered(const std::string& id, std::int64_t version,
                                        std::int64_t after, std::size_t limit) = 0;

  // Items about any of these, in all queues, oldest first: `limit` of them from the `offset`th on.
  virtual Result<FoundItems> find_items(const std::vector<std::string>& contents,
                                        std::int64_t offset, std::int64_t limit) = 0;

  // Replaces what the same person said about the item under the newest schema. When the answer
  // names a version of the schema that is not the newest: bad_request.
  virtual Result<QueueAnswer> put_answer(const std::string& id, QueueAnswer answer) = 0;
  // By id, or the newest of a person about an item; nullopt when there is none.
  virtual Result<std::optional<QueueAnswer>> find_answer(const std::string& id,
                                                         const std::string& answer) = 0;
  virtual Result<std::optional<QueueAnswer>> find_answer(const std::string& id,
                                                         const std::string& item,
                                                         const std::string& reviewer) = 0;
  virtual Result<std::vector<QueueRule>> rules() = 0;  // of queues that are not removed
  virtual Result<std::optional<QueueRule>> rule(const std::string& id) = 0;
  // It begins with what comes from now on, also when it replaces another one.
  virtual Result<QueueRule> put_rule(QueueRule rule) = 0;
  virtual Result<void> remove_rule(const std::string& id) = 0;
  // The newest ones first; also what a rule before this one did.
  virtual Result<std::vector<RuleDay>> rule_days(const std::string& id) = 0;
  // Adds as many of the items as the day still allows and counts what became of them; in the same
  // transaction it keeps `rule.through` and `rule.problem`. nullopt when nothing was kept: there
  // was too little to write it down (each time is a sync of the disk), or the rule was replaced or
  // removed meanwhile.
  virtual Result<std::optional<RuleCounts>> fill(const QueueRule& rule, RuleFound found) = 0;

  virtual Result<void> remove_answer(const std::string& id, const std::string& answer) = 0;
};

}  // namespace catalejo::store
