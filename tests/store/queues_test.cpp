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

TEST_F(QueuesTest, WhatMakesNoSenseIsRefused) {
  EXPECT_FALSE(queues_->create({.name = ""}));
  EXPECT_FALSE(queues_->create({.name = std::string(1'000, 'x')}));
  EXPECT_FALSE(queues_->create({.name = "x", .reviewers = 0}));
  EXPECT_FALSE(queues_->add("none", {}));
  EXPECT_FALSE(queues_->items("none", {.limit = 1}));
}

}  // namespace
}  // namespace catalejo::store
