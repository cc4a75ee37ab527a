#include "store/datasets.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::store {
namespace {

using namespace std::string_literals;

class DatasetsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Datasets::open(":memory:");
    ASSERT_TRUE(opened) << to_string(opened.error());
    datasets_ = std::move(*opened);
    const auto project = datasets_->project("p", "");
    ASSERT_TRUE(project);
    const auto made = datasets_->create(project->id, "d", "", "{}");
    ASSERT_TRUE(made) << to_string(made.error());
    id_ = made->id;
  }
  Changed change(DatasetChange wanted) {
    auto changed = datasets_->change(id_, std::move(wanted));
    EXPECT_TRUE(changed) << to_string(changed.error());
    return changed ? *changed : Changed{};
  }
  // The inputs of a version, in order.
  std::vector<std::string> inputs(std::int64_t version) {
    std::vector<std::string> found;
    std::optional<std::int64_t> after = 0;
    while (after) {
      auto page = datasets_->records(id_, version, *after, 2);
      EXPECT_TRUE(page) << to_string(page.error());
      if (!page) return found;
      for (const DatasetRecord& record : page->records) found.push_back(record.input);
      after = page->next;
    }
    return found;
  }
  static DatasetRecord record(std::string id, std::string input) {
    return {.id = std::move(id), .input = std::move(input)};
  }

  std::unique_ptr<Datasets> datasets_;
  std::string id_;
};

using Texts = std::vector<std::string>;

TEST_F(DatasetsTest, EveryVersionStaysAsItWas) {
  EXPECT_EQ(change({.insert = {record("a", "1"), record("b", "2"), record("c", "3")}}).version, 1);
  EXPECT_EQ(change({.update = {{.id = "b", .input = "20"}}}).version, 2);
  EXPECT_EQ(change({.remove = {"a"}}).version, 3);
  EXPECT_EQ(change({.insert = {record("a", "100")}}).version, 4);
  EXPECT_EQ(inputs(1), (Texts{"1", "2", "3"}));
  EXPECT_EQ(inputs(2), (Texts{"1", "20", "3"}));
  EXPECT_EQ(inputs(3), (Texts{"20", "3"}));
  EXPECT_EQ(inputs(4), (Texts{"20", "3", "100"}));
  EXPECT_EQ(inputs(0), inputs(4)) << "0 is the newest";
  EXPECT_EQ(datasets_->get(id_)->records, 3);
  EXPECT_EQ(datasets_->records(id_, 5, 0, 10).error().code, Code::not_found);
}

TEST_F(DatasetsTest, AChangeOfNothingMakesNoVersion) {
  change({.insert = {record("a", "1")}});
  const Changed again = change({.insert = {record("a", "1"), record("", "1")}});
  EXPECT_EQ(again.version, 1);
  EXPECT_EQ(again.duplicates, 2u);
  EXPECT_EQ(again.inserted, 0u);
  EXPECT_EQ(change({.insert = {record("", "1")}, .deduplicate = false}).version, 2);
  EXPECT_EQ(inputs(2), (Texts{"1", "1"}));
}

TEST_F(DatasetsTest, OneChangeInSeveralRequestsIsOneVersion) {
  EXPECT_EQ(change({.insert = {record("a", "1")}}).version, 1);
  const Changed more = change({.insert = {record("b", "2")}, .new_version = false});
  EXPECT_EQ(more.version, 1);
  change({.update = {{.id = "b", .input = "3"}}, .new_version = false});
  EXPECT_EQ(inputs(1), (Texts{"1", "3"}));
  EXPECT_EQ(datasets_->versions(id_)->size(), 1u);
}

TEST_F(DatasetsTest, TheDiffHasBothSides) {
  change({.insert = {record("a", "1"), record("b", "2"), record("c", "3")}});
  change({.insert = {record("d", "4")}, .update = {{.id = "b", .input = "20"}}, .remove = {"a"}});
  change({.update = {{.id = "b", .input = "200"}}});
  const auto diff = datasets_->diff(id_, 1, 3);
  ASSERT_TRUE(diff);
  ASSERT_EQ(diff->records.size(), 3u);
  EXPECT_EQ(diff->records[0].first->input, "1");
  EXPECT_FALSE(diff->records[0].second);
  EXPECT_EQ(diff->records[1].first->input, "2");
  EXPECT_EQ(diff->records[1].second->input, "200");
  EXPECT_FALSE(diff->records[2].first);
  EXPECT_EQ(diff->records[2].second->input, "4");
  EXPECT_TRUE(datasets_->diff(id_, 3, 3)->records.empty());
  EXPECT_FALSE(datasets_->diff(id_, 3, 1));
}

TEST_F(DatasetsTest, TagsAreAddedRemovedAndSet) {
  change({.insert = {{.id = "a", .input = "1", .tags = R"(["x","y"])"}}});
  change({.update = {{.id = "a", .tags_added = {"z", "x"}, .tags_removed = {"y"}}}});
  EXPECT_EQ(datasets_->records(id_, 0, 0, 1)->records.at(0).tags, R"(["x","z"])");
  change({.update = {{.id = "a", .tags = R"(["ñ"])"}}});
  EXPECT_EQ(datasets_->records(id_, 0, 0, 1)->records.at(0).tags, R"(["ñ"])");
}

TEST_F(DatasetsTest, AFailedChangeLeavesNothing) {
  change({.insert = {record("a", "1")}});
  EXPECT_EQ(
      datasets_->change(id_, {.insert = {record("b", "2")}, .remove = {"nobody"}}).error().code,
      Code::not_found);
  const std::string large(limits::dataset_record_bytes_max + 1, 'x');
  EXPECT_EQ(datasets_->change(id_, {.insert = {record("b", "2"), record("c", large)}}).error().code,
            Code::body_too_large);
  EXPECT_EQ(inputs(0), (Texts{"1"}));
  EXPECT_EQ(datasets_->get(id_)->version, 1);
}

TEST_F(DatasetsTest, ARemovedOneComesBackAndItsNameIsFreeMeanwhile) {
  const std::string project = datasets_->get(id_)->project;
  EXPECT_EQ(datasets_->create(project, "d", "", "{}")->id, id_) << "the one of this name";
  EXPECT_TRUE(datasets_->remove(id_));
  EXPECT_EQ(datasets_->get(id_).error().code, Code::not_found);
  EXPECT_TRUE(datasets_->restore(id_));
  EXPECT_TRUE(datasets_->remove(id_));
  EXPECT_NE(datasets_->create(project, "d", "", "{}")->id, id_);
  EXPECT_FALSE(datasets_->restore(id_)) << "the name is taken by now";
  EXPECT_EQ(datasets_->create("nowhere", "x", "", "{}").error().code, Code::not_found);
}

TEST_F(DatasetsTest, AProjectGoesAndComesBackWithWhatIsInIt) {
  const Project project = datasets_->projects()->at(0);
  EXPECT_EQ(datasets_->update_project(project.id, "q", std::nullopt)->name, "q");
  const std::string other = datasets_->project("other", "o")->id;
  EXPECT_FALSE(datasets_->update_project(other, "q", std::nullopt)) << "its name is taken";
  EXPECT_EQ(datasets_->update_project(other, std::nullopt, "more")->description, "more");

  EXPECT_EQ(datasets_->remove_projects({project.id, "none"}).error().code, Code::not_found);
  EXPECT_EQ(datasets_->projects()->size(), 2u) << "all or none";
  ASSERT_TRUE(datasets_->remove_projects({project.id}));
  EXPECT_EQ(datasets_->projects()->size(), 1u);
  EXPECT_TRUE(datasets_->list("")->empty());
  EXPECT_FALSE(datasets_->create(project.id, "e", "", "{}"));

  ASSERT_TRUE(datasets_->restore(id_));
  EXPECT_EQ(datasets_->projects()->size(), 2u);
  ASSERT_TRUE(datasets_->remove_projects({project.id}));
  const Project again = *datasets_->project("q", "new");
  EXPECT_EQ(again.id, project.id);
  EXPECT_EQ(again.description, "new");
  EXPECT_TRUE(datasets_->list("")->empty()) << "what was in it stays removed";
  EXPECT_EQ(datasets_->project("q", "ignored")->description, "new");
}

TEST_F(DatasetsTest, WhatIsThereMayBeLeftAsItIs) {
  change({.insert = {record("a", "1")}});
  const Changed kept = change({.insert = {record("a", "2"), record("b", "3")}, .replace = false});
  EXPECT_EQ(kept.duplicates, 1u);
  EXPECT_EQ(inputs(kept.version), (Texts{"1", "3"}));
}

TEST_F(DatasetsTest, AnOldVersionIsBroughtBackAsANewOne) {
  change({.insert = {record("a", "1"), record("b", "2"), record("c", "ñ3")}});
  change({.update = {{.id = "b", .input = "20"}}, .remove = {"a"}});
  change({.insert = {record("d", "4")}});
  const std::int64_t bytes = datasets_->get(id_)->bytes;
  const auto back = datasets_->restore_version(id_, 1, "Ana", "");
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->version, 4);
  EXPECT_EQ((std::vector{back->inserted, back->updated, back->removed}),
            (std::vector<std::size_t>{1, 1, 1}));
  EXPECT_EQ(inputs(4), (Texts{"1", "2", "ñ3"}));
  EXPECT_EQ(inputs(3), (Texts{"20", "ñ3", "4"})) << "what is between stays as it was";
  const auto newest = datasets_->versions(id_)->front();
  EXPECT_EQ(std::pair(newest.author, newest.note), std::pair("Ana"s, "version 1 again"s));
  EXPECT_EQ(newest.records, 3);
  ASSERT_TRUE(datasets_->restore_version(id_, 3, "", ""));
  EXPECT_EQ(datasets_->get(id_)->bytes, bytes) << "the same records, counted by another way";
  EXPECT_EQ(inputs(5), inputs(3));
  EXPECT_EQ(datasets_->restore_version(id_, 5, "", "")->version, 5) << "nothing differs";
  EXPECT_EQ(datasets_->restore_version(id_, 6, "", "").error().code, Code::bad_request);
  ASSERT_TRUE(datasets_->restore_version(id_, 0, "", ""));
  EXPECT_TRUE(inputs(0).empty());
  EXPECT_EQ(change({.insert = {record("a", "again")}}).version, 7);
}

TEST_F(DatasetsTest, ACopyHasTheNewestRecordsAndGoesItsOwnWay) {
  change({.insert = {record("a", "1"), record("b", "2")}});
  change({.remove = {"a"}});
  change({.insert = {record("c", "3")}});
  const auto copy = datasets_->clone(id_, "copy", "what for", "Ana");
  ASSERT_TRUE(copy) << to_string(copy.error());
  const Dataset source = *datasets_->get(id_);
  EXPECT_EQ(std::tuple(copy->version, copy->records, copy->description),
            std::tuple(1, 2, "what for"s));
  const auto records = datasets_->records(copy->id, 0, 0, 10)->records;
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].input + records[1].input, "23");
  EXPECT_NE(records[0].id, "b") << "an id names one record";
  EXPECT_EQ(datasets_->versions(copy->id)->front().note, "copy of d, version 3");
  EXPECT_FALSE(datasets_->clone(id_, "copy", "", "")) << "the name is taken";
  EXPECT_EQ(datasets_->clone("no", "x", "", "").error().code, Code::not_found);
  ASSERT_TRUE(datasets_->change(copy->id, {.remove = {records[0].id}}));
  EXPECT_EQ(inputs(0), (Texts{"2", "3"}));
  ASSERT_TRUE(datasets_->remove(id_));
  EXPECT_EQ(datasets_->get(copy->id)->records, 1);
}

TEST_F(DatasetsTest, OnlyWhoHoldsTheLockChangesRecords) {
  change({.insert = {record("a", "1")}, .by = "Bea"});
  EXPECT_FALSE(*datasets_->lock_of(id_)) << "nobody has it";
  const auto lock = datasets_->lock(id_, "Ana");
  ASSERT_TRUE(lock);
  const auto refused = datasets_->change(id_, {.insert = {record("b", "2")}, .by = "Bea"});
  EXPECT_EQ(refused.error().code, Code::forbidden);
  EXPECT_NE(refused.error().message.find("Ana"), std::string::npos) << refused.error().message;
  EXPECT_EQ(datasets_->restore_version(id_, 0, "", "Bea").error().code, Code::forbidden);
  EXPECT_EQ(datasets_->lock(id_, "Bea").error().code, Code::forbidden);
  EXPECT_EQ(datasets_->unlock(id_, "Bea").error().code, Code::forbidden);
  EXPECT_EQ(change({.insert = {record("b", "2")}, .by = "Ana"}).version, 2);
  const auto kept = *datasets_->lock_of(id_);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->since, lock->since);
  EXPECT_GE(kept->until, lock->until) << "a change keeps it for longer";
  ASSERT_TRUE(datasets_->unlock(id_, "Ana"));
  EXPECT_TRUE(datasets_->unlock(id_, "Bea")) << "nobody has it any more";
  EXPECT_EQ(change({.insert = {record("c", "3")}, .by = "Bea"}).version, 3);
  EXPECT_EQ(datasets_->lock("no", "Ana").error().code, Code::not_found);
}

}  // namespace
}  // namespace catalejo::store
