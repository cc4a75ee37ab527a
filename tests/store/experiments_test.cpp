#include "store/experiments.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "store/datasets.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

class ExperimentsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto datasets = Datasets::open(path_);
    ASSERT_TRUE(datasets) << to_string(datasets.error());
    project_ = (*datasets)->project("p", "")->id;
    dataset_ = (*datasets)->create(project_, "d", "", "{}")->id;
    auto opened = Experiments::open(path_);
    ASSERT_TRUE(opened) << to_string(opened.error());
    experiments_ = std::move(*opened);
  }
  Experiment make(const std::string& name, bool unique = true, const std::string& metadata = "{}") {
    auto made = experiments_->create({.project = project_,
                                      .dataset = dataset_,
                                      .dataset_version = 2,
                                      .name = name,
                                      .metadata = metadata},
                                     unique);
    EXPECT_TRUE(made) << to_string(made.error());
    return made ? *made : Experiment{};
  }
  std::vector<std::string> names(ExperimentsAsked asked) {
    if (asked.limit == 0) asked.limit = 100;
    auto page = experiments_->list(asked);
    EXPECT_TRUE(page) << to_string(page.error());
    std::vector<std::string> found;
    if (page)
      for (const Experiment& one : page->experiments) found.push_back(one.name);
    return found;
  }
  static ExperimentRow row(std::string span, std::string output) {
    return {.span_id = std::move(span), .record = "r", .output = std::move(output)};
  }
  static ExperimentScore score(std::string span, double value, std::int64_t at = 0) {
    return {.span_id = std::move(span),
            .label = "right",
            .type = "score",
            .value = std::to_string(value),
            .score = value,
            .timestamp_ms = at};
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.file("datasets.sqlite");
  std::string project_, dataset_;
  std::unique_ptr<Experiments> experiments_;
};

using Texts = std::vector<std::string>;

TEST_F(ExperimentsTest, RunsOfOneExperimentHaveNamesOfTheirOwn) {
  EXPECT_EQ(make("e").name, "e");
  EXPECT_EQ(make("e").name, "e-2");
  const Experiment third = make("e");
  EXPECT_EQ(third.name, "e-3");
  EXPECT_EQ(third.experiment, "e");
  EXPECT_EQ(third.dataset_name, "d");
  EXPECT_EQ(make("e", false).name, "e") << "hosts that work on one experiment find the same";
  EXPECT_EQ(names({.experiment = "e"}), (Texts{"e-3", "e-2", "e"}));
  const auto foreign = experiments_->create({.project = "none", .name = "e"}, true);
  EXPECT_EQ(foreign.error().code, Code::not_found);
  EXPECT_EQ(experiments_->create({.project = project_, .name = ""}, true).error().where, "name");
}

TEST_F(ExperimentsTest, AListIsPagedAndFiltered) {
  make("a", true, R"({"tags":["team:sea","x:1"],"n":1})");
  const Experiment parent = make("b", true, R"({"tags":["team:land"]})");
  auto child = experiments_->create({.project = project_, .name = "c", .parent = parent.id}, true);
  ASSERT_TRUE(child);
  auto page = experiments_->list({.limit = 2});
  ASSERT_TRUE(page && page->next);
  EXPECT_EQ(names({.after = *page->next}), (Texts{"a"}));
  EXPECT_EQ(names({.metadata = R"({"tags":["team:sea"]})"}), (Texts{"a"}));
  EXPECT_EQ(names({.metadata = R"({"tags":["x:1","team:sea"],"n":1})"}), (Texts{"a"}));
  EXPECT_EQ(names({.metadata = R"({"tags":["team:sea"],"n":2})"}), Texts{});
  EXPECT_EQ(names({.metadata = R"({"a\"b":1})"}), Texts{});
  EXPECT_EQ(names({.parents = {"none", parent.id}}), (Texts{"c"}));
  EXPECT_EQ(names({.dataset = "none"}), Texts{});
}

TEST_F(ExperimentsTest, WhatWasRemovedIsListedApartAndComesBack) {
  const Experiment one = make("e");
  ASSERT_TRUE(experiments_->remove({one.id}));
  EXPECT_EQ(names({}), Texts{});
  EXPECT_EQ(names({.deleted = true}), (Texts{"e"}));
  EXPECT_EQ(experiments_->summary(one.id).error().code, Code::not_found);
  EXPECT_EQ(experiments_->remove({one.id}).error().code, Code::not_found);
  make("e");
  EXPECT_EQ(experiments_->restore(one.id).error().where, "name");
}

TEST_F(ExperimentsTest, StatusesAreThoseOfTheProtocol) {
  const Experiment one = make("e");
  EXPECT_EQ(experiments_->update(one.id, {.status = "completed"})->status, "completed");
  EXPECT_EQ(experiments_->update(one.id, {.status = "done"}).error().where, "status");
  const auto failed = experiments_->update(one.id, {.status = "failed", .error = "why"});
  EXPECT_EQ(failed->error, "why");
  EXPECT_EQ(failed->name, "e") << "what is not named stays";
  make("other");
  EXPECT_EQ(experiments_->update(one.id, {.name = "other"}).error().where, "name");
}

TEST_F(ExperimentsTest, RowsKeepTheirPlaceAndScoresTheNewest) {
  const std::string id = make("e").id;
  ASSERT_TRUE(experiments_->add(id, {row("1", "\"a\""), row("2", "\"b\"")}, {score("1", 1, 10)}));
  ASSERT_TRUE(experiments_->add(id, {row("1", "\"A\"")}, {score("1", 0.5, 20), score("2", 0, 5)}));
  ASSERT_TRUE(experiments_->add(id, {}, {score("1", 9, 15)})) << "an older one is left out";
  auto page = experiments_->rows(id, 0, 1);
  ASSERT_TRUE(page && page->next && page->rows.size() == 1);
  EXPECT_EQ(page->rows[0].output, "\"A\"");
  ASSERT_EQ(page->scores.size(), 1u);
  EXPECT_EQ(page->scores[0].score, 0.5);
  page = experiments_->rows(id, *page->next, 1);
  EXPECT_EQ(page->rows[0].span_id, "2");
  EXPECT_FALSE(page->next);
  EXPECT_EQ(experiments_->row(id, "3").error().code, Code::not_found);
}

TEST_F(ExperimentsTest, ASummaryCountsByLabel) {
  const std::string id = make("e").id;
  ExperimentScore broken{.span_id = "3", .label = "right", .type = "categorical", .error = "{}"};
  ExperimentScore whole{.label = "share", .type = "score", .value = "0.5", .score = 0.5};
  ExperimentScore passed = score("2", 1);
  passed.assessment = "pass";
  ExperimentRow failed = row("3", "");
  failed.failed = true;
  ASSERT_TRUE(experiments_->add(id, {row("1", "1"), row("2", "2"), failed},
                                {score("1", 0), passed, broken, whole}));
  const auto summary = experiments_->summary(id);
  ASSERT_TRUE(summary) << to_string(summary.error());
  EXPECT_EQ(summary->rows, 3);
  EXPECT_EQ(summary->errors, 1);
  ASSERT_EQ(summary->labels.size(), 1u);
  const LabelSummary& label = summary->labels[0];
  EXPECT_EQ(label.type, "score");
  EXPECT_EQ(label.count, 2);
  EXPECT_EQ(label.failed, 1);
  EXPECT_EQ(label.mean, 0.5);
  EXPECT_EQ(label.passed, 1);
  ASSERT_EQ(summary->scores.size(), 1u);
  EXPECT_EQ(summary->scores[0].label, "share");
}

TEST_F(ExperimentsTest, ItIsCollectedUntilAClientSaysMore) {
  const std::string id = make("e").id;
  ASSERT_TRUE(experiments_->collect(id, {row("1", "1")}, true));
  EXPECT_TRUE(experiments_->uncollected()->empty());
  ASSERT_TRUE(experiments_->add(id, {}, {score("1", 1)}));
  ASSERT_EQ(experiments_->uncollected()->size(), 1u);
  EXPECT_EQ(experiments_->rows(id, 0, 10)->rows.size(), 1u);
}

}  // namespace
}  // namespace catalejo::store
