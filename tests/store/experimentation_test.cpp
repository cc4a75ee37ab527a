#include "store/experimentation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/datasets.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

using testing::ElementsAre;
using testing::Optional;
using testing::UnorderedElementsAre;

class ExperimentationTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Datasets::open(folder_.file("datasets.sqlite"));
    ASSERT_TRUE(opened) << to_string(opened.error());
    datasets_ = std::move(*opened);
    project_ = datasets_->project("Shop", "sells")->id;
    dataset_ = datasets_->create(project_, "questions", "", "{}")->id;
    DatasetChange change;
    for (const char* word : {R"("uno")", R"("dos")", R"("Tres")"}) {
      DatasetRecord record;
      record.input = word;
      change.insert.push_back(record);
    }
    ASSERT_TRUE(datasets_->change(dataset_, change));
    first_ = made("baseline", 1);
    second_ = made("Candidate", 2);
  }
  std::string made(const std::string& name, std::int64_t version) {
    auto experiment = datasets_->experiments().create(
        {.project = project_, .dataset = dataset_, .dataset_version = version, .name = name}, true);
    EXPECT_TRUE(experiment) << to_string(experiment.error());
    std::vector<ExperimentRow> rows;
    std::vector<ExperimentScore> scores;
    for (int i = 0; i < 4; ++i) {
      const std::string span = name + std::to_string(i);
      rows.push_back({.span_id = span,
                      .record = i % 2 == 0 ? "even" : "odd",
                      .run = i / 2,
                      .start = {100 + i},
                      .duration_ns = 10 * (i + 1),
                      .failed = i == 3});
      scores.push_back({.span_id = span,
                        .label = "right",
                        .type = "boolean",
                        .value = i == 0 ? "true" : "false",
                        .score = i == 0 ? 1 : 0,
                        .assessment = i == 0 ? "pass" : "fail",
                        .timestamp_ms = 1'000 + i});
    }
    scores.push_back({.label = "tone",
                      .type = "categorical",
                      .value = R"("warm")",
                      .source = "summary",
                      .timestamp_ms = 2'000});
    EXPECT_TRUE(datasets_->experiments().add(experiment->id, rows, scores));
    return experiment->id;
  }
  ExperimentationFound found(ExperimentationAsked asked) {
    if (asked.limit == 0) asked.limit = 100;
    auto page = datasets_->experimentation().search(asked);
    EXPECT_TRUE(page) << to_string(page.error());
    return page ? *page : ExperimentationFound{};
  }
  ScoresCounted counted(ScoresAsked asked) {
    asked.limit = 100;
    auto scores = datasets_->experimentation().count_scores(asked);
    EXPECT_TRUE(scores) << to_string(scores.error());
    return scores ? *scores : ScoresCounted{};
  }

  TemporaryFolder folder_;
  std::unique_ptr<Datasets> datasets_;
  std::string project_, dataset_, first_, second_;
};

const std::vector<Entity> kAll = {Entity::project, Entity::dataset, Entity::record,
                                  Entity::experiment, Entity::run};

TEST_F(ExperimentationTest, FindsEveryKindOfThing) {
  const auto all = found({.scope = kAll});
  EXPECT_EQ(all.projects.at(0).name, "Shop");
  EXPECT_EQ(all.datasets.at(0).records, 3);
  EXPECT_EQ(all.records.size(), 3u);
  EXPECT_EQ(all.records.at(0).first, dataset_);
  EXPECT_EQ(all.experiments.at(0).name, "Candidate") << "newest first";
  EXPECT_EQ(all.total, 1 + 1 + 3 + 2 + 4);
  ASSERT_EQ(all.runs.size(), 4u);
  const auto& run = *std::ranges::find_if(all.runs, [&](const NumberedRun& one) {
    return one.experiment == first_ && one.number == 1;
  });
  EXPECT_EQ(run.rows, 2);
  EXPECT_EQ(run.errors, 1);
  EXPECT_EQ(run.duration_ns_mean, 35);
  EXPECT_EQ(run.created.value, 102);
  EXPECT_FALSE(all.next);
}

TEST_F(ExperimentationTest, EveryWordMustBeSomewhere) {
  EXPECT_EQ(found({.scope = kAll, .words = {"tres"}}).total, 1);
  EXPECT_EQ(found({.scope = kAll, .words = {"tres", "uno"}}).total, 0);
  EXPECT_EQ(found({.scope = kAll, .words = {"CANDIDATE"}}).total, 1 + 2);
  EXPECT_EQ(found({.scope = {Entity::experiment}, .words = {first_}}).experiments.at(0).id, first_);
  EXPECT_EQ(found({.scope = kAll, .words = {"%"}}).total, 0) << "no pattern";
}

TEST_F(ExperimentationTest, PagesLeadThroughAllOfIt) {
  ExperimentationAsked asked{.scope = kAll, .limit = 3};
  std::size_t seen = 0;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = found(asked);
    const std::size_t count = page.projects.size() + page.datasets.size() + page.records.size() +
                              page.experiments.size() + page.runs.size();
    EXPECT_LE(count, 3u);
    seen += count;
    if (!page.next) break;
    asked.after = page.next;
  }
  EXPECT_EQ(seen, 11u);
  const auto second =
      found({.scope = {Entity::record}, .sort = {{"created_at", false}}, .skip = 2, .limit = 2});
  EXPECT_EQ(second.records.size(), 1u);
  EXPECT_EQ(second.total, 3);
  EXPECT_FALSE(datasets_->experimentation().search(
      {.scope = kAll, .sort = {{"name; DROP TABLE records", true}}, .limit = 1}));
}

TEST_F(ExperimentationTest, RemovedIsFoundOnlyWhenAskedFor) {
  ASSERT_TRUE(datasets_->experiments().remove({first_}));
  EXPECT_EQ(found({.scope = {Entity::experiment, Entity::run}}).total, 1 + 2);
  const auto gone =
      found({.scope = {Entity::project, Entity::experiment}, .kept = false, .deleted = true});
  ASSERT_EQ(gone.total, 1) << "a project cannot be removed";
  EXPECT_EQ(gone.experiments.at(0).id, first_);
  EXPECT_EQ(found({.scope = {Entity::experiment}, .kept = true, .deleted = true}).total, 2);
}

TEST_F(ExperimentationTest, RecordsAreThoseOfAVersion) {
  DatasetChange change;
  change.remove = {found({.scope = {Entity::record}, .words = {"dos"}}).records.at(0).second.id};
  ASSERT_TRUE(datasets_->change(dataset_, change));
  EXPECT_EQ(found({.scope = {Entity::record}}).total, 2);
  EXPECT_EQ(found({.scope = {Entity::record}, .version = 1}).total, 3);
}

TEST_F(ExperimentationTest, ScoresAreCountedByGroup) {
  const auto by_run = counted({.all_of = {{.field = "experiment_id", .values = {first_}}},
                               .metrics = {"count", "score_value", "duration"},
                               .group_by = {"label", "run"}});
  EXPECT_EQ(by_run.hits, 5);
  ASSERT_EQ(by_run.groups.size(), 3u);
  EXPECT_THAT(by_run.groups[0].by, ElementsAre("right", "0"));
  EXPECT_THAT(by_run.groups[0].metrics, ElementsAre(Optional(2), Optional(0.5), Optional(15)));
  EXPECT_THAT(by_run.groups[2].by, ElementsAre("tone", ""));
  EXPECT_THAT(by_run.groups[2].metrics, ElementsAre(Optional(1), std::nullopt, std::nullopt));
  EXPECT_EQ(counted({.dataset_version = 2, .metrics = {"count"}}).hits, 5);
  EXPECT_EQ(counted({.time_ms = {{1'001, 1'002}}, .metrics = {"count"}}).hits, 4);
  EXPECT_TRUE(counted({.dataset_version = 9, .metrics = {"score_value"}}).groups.empty());
}

TEST_F(ExperimentationTest, ScoresAreSelected) {
  const auto hits = [&](ScoreCondition one) {
    return counted({.all_of = {std::move(one)}, .metrics = {"count"}}).hits;
  };
  EXPECT_EQ(hits({.field = "assessment", .values = {"pass", "fail"}}), 8);
  EXPECT_EQ(hits({.field = "assessment", .values = {"pass"}, .none = true}), 8);
  EXPECT_EQ(hits({.field = "categorical_value", .values = {"warm"}}), 2);
  EXPECT_EQ(hits({.field = "dataset_record_id", .values = {"odd"}}), 4);
  EXPECT_EQ(hits({.field = "run", .values = {"1"}}), 4);
  EXPECT_EQ(hits({.field = "score_value", .from = 0.5}), 2);
  EXPECT_EQ(hits({.field = "score_value", .to = 0.5, .none = true}), 2 + 2) << "without one too";
  EXPECT_EQ(hits({.field = "duration", .from = 10, .to = 20}), 4);
  EXPECT_EQ(hits({.field = "label", .values = {"x' OR 1"}}), 0);
  for (const ScoresAsked& wrong :
       {ScoresAsked{.all_of = {{.field = "s.value", .values = {"x"}}}, .metrics = {"count"}},
        ScoresAsked{.metrics = {"sum(1)"}}, ScoresAsked{.metrics = {"count"}, .group_by = {"1"}}})
    EXPECT_EQ(datasets_->experimentation().count_scores(wrong).error().code, Code::bad_request);
}

}  // namespace
}  // namespace catalejo::store
