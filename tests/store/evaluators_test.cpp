#include "store/evaluators.hpp"

#include <gtest/gtest.h>

namespace catalejo::store {
namespace {

std::unique_ptr<Evaluators> open() {
  auto opened = Evaluators::open(":memory:");
  EXPECT_TRUE(opened) << to_string(opened.error());
  return std::move(*opened);
}

TEST(Evaluators, KeepsTheNewestSettingsAndEveryChange) {
  const auto control = open();
  EXPECT_TRUE(control->settings()->empty());
  ASSERT_TRUE(control->put({.evaluator = "pii", .sampling = 0.25, .author = "Ana"}));
  ASSERT_TRUE(control->put({.evaluator = "pii",
                            .enabled = false,
                            .threshold = 0.75,
                            .query = "@ml_app:shop",
                            .options = R"({"a":1})",
                            .keep_passes = true,
                            .author = "Luis"}));
  ASSERT_TRUE(control->put({.evaluator = "secrets", .author = "Ana"}));
  const auto settings = *control->settings();
  ASSERT_EQ(settings.size(), 2u);
  const auto& pii = settings[0].evaluator == "pii" ? settings[0] : settings[1];
  EXPECT_FALSE(pii.enabled);
  EXPECT_EQ(pii.threshold, 0.75);
  EXPECT_EQ(pii.sampling, 1);
  EXPECT_EQ(pii.query, "@ml_app:shop");
  EXPECT_EQ(pii.options, R"({"a":1})");
  EXPECT_TRUE(pii.keep_passes);
  EXPECT_EQ(pii.author, "Luis");
  EXPECT_GT(pii.changed.value, 0);
  const auto history = *control->history("pii");
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0].author, "Luis");
  EXPECT_EQ(history[1].sampling, 0.25);
  EXPECT_FALSE(history[1].threshold);
}

TEST(Evaluators, RefusesWhatMakesNoSense) {
  const auto control = open();
  EXPECT_FALSE(control->put({.evaluator = "pii", .sampling = 1.5}));
  EXPECT_FALSE(control->put({.evaluator = "pii", .sampling = -0.1}));
  EXPECT_FALSE(control->put({.evaluator = "pii", .threshold = 1e9}));
  EXPECT_FALSE(control->put({.evaluator = "pii", .query = std::string(5'000, 'a')}));
  EXPECT_FALSE(control->put({.evaluator = "pii", .options = std::string(70'000, 'a')}));
  EXPECT_TRUE(control->settings()->empty());
}

TEST(Evaluators, GoesOnWithTheOldestPassThatIsNotOver) {
  const auto control = open();
  EXPECT_FALSE(control->next_run()->has_value());
  EXPECT_FALSE(control->add_run({.evaluator = "pii", .from = {2}, .to = {1}}));
  const auto first = control->add_run({.evaluator = "pii", .version = 3, .from = {1}, .to = {9}});
  const auto second = control->add_run({.evaluator = "pii", .from = {1}, .to = {9}});
  ASSERT_TRUE(first && second);
  auto run = **control->next_run();
  EXPECT_EQ(run.id, *first);
  EXPECT_EQ(run.version, 3);
  EXPECT_EQ(run.at.value, 1);
  run.state = RunState::running;
  run.seen = 500;
  run.at = {5};
  run.at_span = {~0ull};
  run.at_trace = {7, 8};
  EXPECT_EQ(*control->save_run(run), true);
  const auto again = **control->next_run();
  EXPECT_EQ(again.id, *first);
  EXPECT_EQ(again.seen, 500);
  EXPECT_EQ(again.at_span, run.at_span);
  EXPECT_EQ(again.at_trace, run.at_trace);
  ASSERT_TRUE(control->cancel_run(*first));
  EXPECT_FALSE(control->cancel_run(*first));
  // What the pass did not know yet.
  EXPECT_EQ(*control->save_run(run), false);
  EXPECT_EQ((*control->next_run())->id, *second);
  EXPECT_EQ(control->runs()->size(), 2u);
  EXPECT_EQ(control->runs()->back().state, RunState::cancelled);
}

TEST(Evaluators, TakesSoManyPassesAndNoMore) {
  const auto control = open();
  Result<std::int64_t> last = 0;
  int taken = 0;
  while ((last = control->add_run({.evaluator = "pii", .from = {1}, .to = {9}}))) ++taken;
  EXPECT_EQ(last.error().code, Code::busy);
  EXPECT_EQ(taken, 64);
}

}  // namespace
}  // namespace catalejo::store
