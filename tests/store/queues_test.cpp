#include "store/queues.hpp"

#include <gtest/gtest.h>

namespace catalejo::store {
namespace {

class QueuesTest : public ::testing::Test {
 protected:
  Queue make(const std::string& name, std::int64_t reviewers = 1) {
    auto made = queues_->create({.project = "p",
                                 .name = name,
                                 .labels = R"([{"id":"a"}])",
                                 .reviewers = reviewers,
                                 .created_by = "Ana"});
    EXPECT_TRUE(made) << to_string(made.error());
    return *made;
  }
  std::vector<AddedItem> add(const Queue& queue, const std::vector<std::string>& contents) {
    std::vector<QueueItem> items;
    for (const std::string& content : contents)
      items.push_back({.type = "trace", .content = content, .added_by = "Ana"});
    auto added = queues_->add(queue.id, items);
    EXPECT_TRUE(added) << to_string(added.error());
    return *added;
  }
  QueueAnswer answer(const Queue& queue, const std::string& item, const std::string& who,
                     bool skipped = false) {
    auto kept = queues_->put_answer(
        queue.id, {.item = item, .reviewer = who, .skipped = skipped, .values = "[1]"});
    EXPECT_TRUE(kept) << to_string(kept.error());
    return *kept;
  }
  ReviewPage seen(const Queue& queue, const std::string& who, ItemState state,
                  std::int64_t after = 0) {
    auto page =
        queues_->items(queue.id, {.reviewer = who, .state = state, .after = after, .limit = 2});
    EXPECT_TRUE(page) << to_string(page.error());
    return *page;
  }

  QueueRule make_rule(const Queue& queue, std::int64_t daily_max = 100) {
    auto rule = queues_->put_rule(
        {.queue = queue.id, .type = "trace", .filter = "ml_app=a", .daily_max = daily_max});
    EXPECT_TRUE(rule) << to_string(rule.error());
    return *rule;
  }
  static RuleFound found(const std::vector<std::string>& contents, std::size_t seen_before = 0,
                         std::int64_t day = 7) {
    RuleFound found{.seen_before = seen_before, .day = day};
    for (const std::string& content : contents)
      found.items.push_back({.type = "trace", .content = content, .added_by = "Ana"});
    return found;
  }

  std::unique_ptr<Queues> queues_ = *Queues::open(":memory:");
};

TEST_F(QueuesTest, AreNamedOnceRemovedAndRestored) {
  const Queue queue = make("Tono");
  EXPECT_FALSE(queues_->create({.project = "p", .name = "Tono"}));
  ASSERT_TRUE(queues_->remove(queue.id));
  EXPECT_FALSE(queues_->get(queue.id));
  EXPECT_TRUE(queues_->list()->empty());
  const Queue other = make("Tono");
  EXPECT_FALSE(queues_->restore(queue.id)) << "the name is taken";
  ASSERT_TRUE(queues_->update(other.id, {.name = "Otra"}));
  EXPECT_TRUE(queues_->restore(queue.id));
  EXPECT_EQ(queues_->list()->size(), 2u);
}

TEST_F(QueuesTest, NoItemTwiceAndARemovedOneComesBackWithItsAnswers) {
  const Queue queue = make("q");
  const auto first = add(queue, {"t1", "t2", "t1"});
  EXPECT_FALSE(first[0].already_existed);
  EXPECT_TRUE(first[2].already_existed);
  EXPECT_EQ(first[0].item.id, first[2].item.id);
  answer(queue, first[0].item.id, "Ana");
  EXPECT_EQ(*queues_->remove_items(queue.id, {first[0].item.id, "no such"}), 1);
  EXPECT_EQ(queues_->get(queue.id)->items, 1);
  EXPECT_FALSE(queues_->item(queue.id, first[0].item.id));
  const auto again = add(queue, {"t1"});
  EXPECT_FALSE(again[0].already_existed);
  EXPECT_EQ(again[0].item.id, first[0].item.id);
  EXPECT_EQ(queues_->get(queue.id)->done, 1);
}

TEST_F(QueuesTest, EachReviewerHasOwnAnswersAndItemsAskForSeveral) {
  const Queue queue = make("q", 2);
  const auto items = add(queue, {"t1", "t2", "t3"});
  answer(queue, items[0].item.id, "Ana");
  answer(queue, items[1].item.id, "Ana", true);
  EXPECT_EQ(seen(queue, "Ana", ItemState::open).items.size(), 1u);
  const ReviewPage blanca = seen(queue, "Blanca", ItemState::open);
  EXPECT_EQ(blanca.items.size(), 2u);
  ASSERT_TRUE(blanca.next);
  EXPECT_EQ(seen(queue, "Blanca", ItemState::open, *blanca.next).items.size(), 1u);
  EXPECT_EQ(blanca.progress.open, 3);
  answer(queue, items[0].item.id, "Blanca");
  EXPECT_EQ(queues_->get(queue.id)->done, 1);
  const ReviewPage carla = seen(queue, "Carla", ItemState::open);
  EXPECT_EQ(carla.progress.open, 2) << "two have judged the first";
  const ReviewPage ana = seen(queue, "Ana", ItemState::any);
  EXPECT_EQ(ana.progress.answered, 1);
  EXPECT_EQ(ana.progress.skipped, 1);
  EXPECT_EQ(ana.items[0].answers, 2);
  ASSERT_TRUE(ana.items[0].answer);
  EXPECT_EQ(ana.items[0].answer->reviewer, "Ana");
  const auto all = queues_->answered(queue.id, 1, 0, 10);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->items.size(), 3u);
  EXPECT_EQ(all->items[0].answers.size(), 2u);
  EXPECT_TRUE(all->items[2].answers.empty());
  EXPECT_EQ(queues_->answered(queue.id, 1, 0, 1)->items.size(), 1u);
}

TEST_F(QueuesTest, AnOtherAnswerOfTheSameReviewerReplacesAndIsTakenBack) {
  const Queue queue = make("q");
  const std::string item = add(queue, {"t1"})[0].item.id;
  const QueueAnswer first = answer(queue, item, "");
  const QueueAnswer second = answer(queue, item, "");
  EXPECT_EQ(first.id, second.id);
  const auto found = queues_->find_answer(queue.id, item, "");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->id, first.id);
  EXPECT_FALSE(*queues_->find_answer(queue.id, item, "Ana"));
  EXPECT_FALSE(*queues_->find_answer("other", first.id));
  ASSERT_TRUE(queues_->remove_answer(queue.id, first.id));
  EXPECT_FALSE(*queues_->find_answer(queue.id, first.id));
}

TEST_F(QueuesTest, AnotherQuestionKeepsOldAnswersApart) {
  const Queue queue = make("q");
  const std::string item = add(queue, {"t1"})[0].item.id;
  const auto before = queues_->update(
      queue.id, {.labels = R"([{"id":"b"}])", .other_question = true, .author = "Ana"});
  ASSERT_TRUE(before);
  EXPECT_EQ(before->schema_version, 1) << "nothing was answered yet";
  answer(queue, item, "Ana");
  const auto hint = queues_->update(queue.id, {.labels = R"([{"id":"b","description":"h"}])"});
  EXPECT_EQ(hint->schema_version, 1);
  const auto after =
      queues_->update(queue.id, {.labels = R"([{"id":"c"}])", .other_question = true});
  EXPECT_EQ(after->schema_version, 2);
  EXPECT_EQ(after->done, 0);
  EXPECT_EQ(*queues_->labels(queue.id, 1), R"([{"id":"b","description":"h"}])");
  EXPECT_EQ(*queues_->labels(queue.id, 2), R"([{"id":"c"}])");
  EXPECT_FALSE(queues_->labels(queue.id, 3));
  answer(queue, item, "Ana");
  EXPECT_EQ(queues_->answered(queue.id, 1, 0, 10)->items[0].answers.size(), 1u);
  EXPECT_EQ(queues_->answered(queue.id, 0, 0, 10)->items[0].answers.size(), 2u);
}

TEST_F(QueuesTest, ARuleAddsWhatIsNewUntilTheDayIsFullAndCountsTheRest) {
  const Queue queue = make("q");
  const auto by_hand = add(queue, {"t1", "t2"});
  ASSERT_TRUE(queues_->remove_items(queue.id, {by_hand[1].item.id}));
  QueueRule rule = make_rule(queue, 2);
  rule.through.value += 5;
  RuleFound first = found({"t1", "t2", "t3", "t3", "t4", "t5"});
  first.sampled_out = 4;
  first.unnamed = 1;
  const auto counts = queues_->fill(rule, first);
  ASSERT_TRUE(counts && *counts);
  EXPECT_EQ((*counts)->added, 2);
  EXPECT_EQ((*counts)->known, 3) << "one was there, one was removed by a person, one came twice";
  EXPECT_EQ((*counts)->over_day, 1);
  EXPECT_EQ((*counts)->sampled_out, 4);
  EXPECT_EQ((*counts)->unnamed, 1);
  EXPECT_EQ(queues_->get(queue.id)->items, 3);
  EXPECT_EQ((*queues_->rule(queue.id))->through, rule.through);
  const auto next = queues_->fill(rule, found({"t5", "t6", "t7"}, 0, 8));
  ASSERT_TRUE(next && *next);
  EXPECT_EQ((*next)->added, 2) << "another day";
  const auto days = queues_->rule_days(queue.id);
  ASSERT_EQ(days->size(), 2u);
  EXPECT_EQ(days->at(0).day, 8);
  EXPECT_EQ(days->at(1).counts.added, 2);
  EXPECT_GT(days->at(1).last_added.value, 0);
  ASSERT_TRUE(queues_->fill(rule, found({"t9"}, 0, 7 + 30)));
  EXPECT_EQ(queues_->rule_days(queue.id)->size(), 2u) << "a day that is too old is forgotten";
}

TEST_F(QueuesTest, WhatARuleLookedAtBeforeIsAddedIfItIsNewAndElseNotCounted) {
  const Queue queue = make("q");
  const QueueRule rule = make_rule(queue);
  ASSERT_TRUE(queues_->fill(rule, found({"t1"})));
  const auto again = queues_->fill(rule, found({"t1", "t2", "t2"}, 2));
  ASSERT_TRUE(again && *again);
  EXPECT_EQ((*again)->added, 1) << "an evaluation came after it";
  EXPECT_EQ((*again)->known, 1) << "only the last one had not been looked at";
}

TEST_F(QueuesTest, AFillThatFoundNothingNewIsNotWrittenForAMinute) {
  const Queue queue = make("q");
  QueueRule rule = make_rule(queue);
  ASSERT_TRUE(queues_->fill(rule, found({"t1"})));
  const UnixNanos begun = rule.through;
  rule.through.value += 30 * kNanosPerSecond;
  RuleFound nothing = found({"t1"}, 1);
  nothing.sampled_out = 3;
  EXPECT_FALSE(*queues_->fill(rule, nothing));
  EXPECT_EQ((*queues_->rule(queue.id))->through, begun);
  rule.through.value += 31 * kNanosPerSecond;
  ASSERT_TRUE(*queues_->fill(rule, nothing));
  EXPECT_EQ((*queues_->rule(queue.id))->through, rule.through);
  EXPECT_EQ(queues_->rule_days(queue.id)->at(0).counts.sampled_out, 3);
  rule.problem = "why";
  ASSERT_TRUE(*queues_->fill(rule, found({})));
  EXPECT_EQ((*queues_->rule(queue.id))->problem, "why");
}

TEST_F(QueuesTest, ARuleThatWasReplacedOrRemovedMeanwhileAddsNothing) {
  const Queue queue = make("q");
  const QueueRule first = make_rule(queue);
  ASSERT_TRUE(queues_->fill(first, found({"t1"})));
  QueueRule second = make_rule(queue);
  EXPECT_GT(second.since, first.since);
  EXPECT_FALSE(*queues_->fill(first, found({"t2"})));
  ASSERT_TRUE(queues_->remove_rule(queue.id));
  EXPECT_FALSE(*queues_->fill(second, found({"t2"})));
  EXPECT_EQ(queues_->get(queue.id)->items, 1);
  EXPECT_FALSE(*queues_->rule(queue.id));
  EXPECT_EQ(queues_->rule_days(queue.id)->at(0).counts.added, 1) << "what it did is still told";
  make_rule(queue);
  EXPECT_EQ(queues_->rules()->size(), 1u);
  ASSERT_TRUE(queues_->remove(queue.id));
  EXPECT_TRUE(queues_->rules()->empty());
  EXPECT_FALSE(queues_->rule(queue.id));
}

TEST_F(QueuesTest, WhatMakesNoSenseIsRefused) {
  EXPECT_FALSE(queues_->create({.name = ""}));
  EXPECT_FALSE(queues_->create({.name = std::string(1'000, 'x')}));
  EXPECT_FALSE(queues_->create({.name = "x", .reviewers = 0}));
  EXPECT_FALSE(queues_->add("none", {}));
  EXPECT_FALSE(queues_->items("none", {.limit = 1}));
}

TEST_F(QueuesTest, ItemsAreFoundByWhatTheyAreAboutInAllQueues) {
  const Queue first = make("Tono"), second = make("Exactitud"), gone = make("Vieja");
  const auto one = add(first, {"a", "b", "c"}), two = add(second, {"b", "d"});
  add(gone, {"b"});
  ASSERT_TRUE(queues_->remove(gone.id));
  answer(first, one[1].item.id, "Ana");
  answer(first, one[1].item.id, "Bea");
  answer(second, two[0].item.id, "Ana");
  ASSERT_TRUE(queues_->remove_items(first.id, {one[2].item.id}));
  const auto found = queues_->find_items({"b", "c", "d", "b"}, 0, 10);
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_EQ(found->total, 3);
  std::vector<std::string> seen;
  for (const FoundItem& item : found->items)
    seen.push_back(item.queue_name + " " + item.answered.item.content + " " +
                   std::to_string(item.answered.answers.size()));
  EXPECT_EQ(seen, (std::vector<std::string>{"Tono b 2", "Exactitud b 1", "Exactitud d 0"}));
  const auto last = queues_->find_items({"b", "c", "d"}, 2, 1);
  ASSERT_EQ(last->items.size(), 1u);
  EXPECT_EQ(last->items[0].answered.item.content, "d");
  EXPECT_EQ(last->total, 3) << "of all pages";
  EXPECT_EQ(queues_->find_items({"\"] OR 1"}, 0, 10)->total, 0);
}

}  // namespace
}  // namespace catalejo::store
