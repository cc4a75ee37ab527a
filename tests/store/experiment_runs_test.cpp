#include "store/experiment_runs.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "store/datasets.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

class ExperimentRunsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Datasets::open(path_);
    ASSERT_TRUE(opened) << to_string(opened.error());
    datasets_ = std::move(*opened);
    project_ = datasets_->project("p", "")->id;
  }
  ExperimentRuns& runs() { return datasets_->experiment_runs(); }
  std::string experiment(const std::string& name) {
    auto made = datasets_->experiments().create({.project = project_, .name = name}, true);
    EXPECT_TRUE(made) << to_string(made.error());
    return made ? made->id : "";
  }
  std::string begin(const std::string& name, std::int64_t total = 2) {
    const std::string id = experiment(name);
    auto run = runs().create({.experiment = id, .settings = "{}", .total = total, .author = "me"});
    EXPECT_TRUE(run) << to_string(run.error());
    return id;
  }
  std::string status(const std::string& id) {
    return datasets_->experiments().list({.id = id, .limit = 1})->experiments.at(0).status;
  }
  std::string state(const std::string& id) { return runs().get(id)->state; }
  static RunStep step(std::string span, bool failed = false) {
    RunStep step{.row = {.span_id = span, .record = "r", .failed = failed, .output = "\"o\""},
                 .after = 7,
                 .spent = "[1]"};
    step.scores = {{.span_id = span, .label = "right", .type = "boolean", .value = "true"}};
    return step;
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.file("datasets.sqlite");
  std::string project_;
  std::unique_ptr<Datasets> datasets_;
};

TEST_F(ExperimentRunsTest, ARowAndTheProgressThatItIsAreOne) {
  const std::string id = begin("e");
  ASSERT_TRUE(runs().move(id, {"running"}, "running", "rate_limit", "wait"));
  ASSERT_TRUE(runs().advance(id, step("1")));
  ASSERT_TRUE(runs().advance(id, step("2", true)));
  const ExperimentRun run = *runs().get(id);
  EXPECT_EQ(run.done, 2);
  EXPECT_EQ(run.failed, 1);
  EXPECT_EQ(run.after, 7);
  EXPECT_EQ(run.spent, "[1]");
  EXPECT_EQ(run.kind, "") << "it goes on";
  EXPECT_EQ(run.name, "e");
  EXPECT_EQ(datasets_->experiments().summary(id)->rows, 2);
  EXPECT_EQ(datasets_->experiments().summary(id)->labels.at(0).count, 2);
  EXPECT_FALSE(runs().advance("none", step("1")));
}

TEST_F(ExperimentRunsTest, AFailedRowGivesItsPlaceToItsNextAnswer) {
  const std::string id = begin("e", 3);
  ASSERT_TRUE(runs().advance(id, step("1", true)));
  ASSERT_TRUE(runs().advance(id, step("2")));
  ASSERT_TRUE(runs().advance(id, step("3", true)));
  EXPECT_EQ(*runs().next_failed(id), std::nullopt) << "nobody asked for it";
  EXPECT_EQ(runs().ask_again(id).error().where, "state") << "while it runs";
  ASSERT_TRUE(runs().move(id, {"running"}, "completed", "", ""));
  ASSERT_TRUE(runs().ask_again(id));
  EXPECT_EQ(status(id), "running");
  const auto again = [&](const std::string& span, bool failed) {
    RunStep next = step(span, failed);
    next.instead_of = *runs().next_failed(id);
    ASSERT_TRUE(next.instead_of);
    ASSERT_TRUE(runs().advance(id, next));
  };
  again("4", false);
  again("5", true);  // is not asked a third time
  EXPECT_EQ(*runs().next_failed(id), std::nullopt);
  EXPECT_EQ(runs().get(id)->again_after, std::nullopt);
  const ExperimentRun run = *runs().get(id);
  EXPECT_EQ(run.done, 3);
  EXPECT_EQ(run.failed, 1);
  const ExperimentRows page = *datasets_->experiments().rows(id, 0, 10);
  ASSERT_EQ(page.rows.size(), 3U);
  EXPECT_EQ(page.rows[0].span_id, "4");
  EXPECT_EQ(page.rows[1].span_id, "2");
  EXPECT_EQ(page.rows[2].span_id, "5");
  EXPECT_EQ(page.scores.size(), 3U);
  RunStep late = step("6");
  late.instead_of = ExperimentRow{.span_id = "1"};
  EXPECT_EQ(runs().advance(id, late).error().code, Code::not_found);
  EXPECT_EQ(runs().get(id)->failed, 1) << "nothing of it was kept";
  datasets_.reset();
  datasets_ = std::move(*Datasets::open(path_));
  ASSERT_TRUE(runs().move(id, {"running"}, "completed", "", ""));
  RunStep good = step("7");
  ASSERT_TRUE(runs().ask_again(id));
  good.instead_of = *runs().next_failed(id);
  ASSERT_TRUE(runs().advance(id, good));
  ASSERT_TRUE(runs().move(id, {"running"}, "completed", "", ""));
  EXPECT_EQ(runs().ask_again(id).error().where, "failed");
}

TEST_F(ExperimentRunsTest, AStateFollowsOnlyFromThoseThatItMay) {
  const std::string id = begin("e");
  EXPECT_EQ(status(id), "running");
  EXPECT_EQ(runs().move(id, {"stopped"}, "running", "", "").error().where, "state");
  const auto stopped = runs().move(id, {"running"}, "stopped", "budget", "no more");
  ASSERT_TRUE(stopped);
  EXPECT_EQ(stopped->kind, "budget");
  EXPECT_EQ(status(id), "interrupted");
  ASSERT_TRUE(runs().advance(id, step("1"))) << "what was paid for is kept";
  EXPECT_EQ(runs().get(id)->words, "no more");
  EXPECT_EQ(runs().move(id, {"stopped"}, "running", "", "")->words, "");
  ASSERT_TRUE(runs().move(id, {"running"}, "completed", "", ""));
  EXPECT_EQ(status(id), "completed");
  EXPECT_EQ(runs().move("none", {"running"}, "stopped", "", "").error().code, Code::not_found);
}

TEST_F(ExperimentRunsTest, ARemovedExperimentWaits) {
  const std::string one = begin("one"), two = begin("two");
  ASSERT_TRUE(datasets_->experiments().remove({one}));
  ASSERT_EQ(runs().running()->size(), 1U);
  EXPECT_EQ(runs().running()->front().experiment, two);
  EXPECT_EQ(runs().get(one).error().code, Code::not_found);
  ASSERT_TRUE(datasets_->experiments().restore(one));
  EXPECT_EQ(runs().running()->front().experiment, one) << "oldest first";
  EXPECT_EQ(runs().list(1)->front().experiment, two) << "newest first";
  EXPECT_EQ(runs().create({.experiment = "none", .settings = "{}"}).error().code, Code::not_found);
}

TEST_F(ExperimentRunsTest, SoManyRunAndNoMore) {
  std::string first;
  for (std::size_t i = 0; i < limits::experiment_runs_open_max; ++i) {
    const std::string id = begin(std::to_string(i));
    if (first.empty()) first = id;
  }
  const std::string more = experiment("more");
  EXPECT_EQ(runs().create({.experiment = more, .settings = "{}"}).error().code, Code::busy);
  ASSERT_TRUE(runs().move(first, {"running"}, "cancelled", "", ""));
  EXPECT_TRUE(runs().create({.experiment = more, .settings = "{}"}));
  EXPECT_EQ(runs().move(first, {"cancelled"}, "running", "", "").error().code, Code::busy);
  EXPECT_EQ(state(first), "cancelled");
}

}  // namespace
}  // namespace catalejo::store
