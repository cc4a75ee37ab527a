// Words of spans that were there before words were kept, on the real engine.
#include <gtest/gtest.h>
#include <signal.h>

#include "support/store_fixture.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

constexpr int kFlushMs = 60'000;

class WordBuilderTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(require_engine());
    store_ = open_store(store_options(folder_.path(), counters_));
    ASSERT_TRUE(store_);
    model::Batch batch = spans(1, 5'000, 300);
    for (std::size_t i = 0; i < batch.spans.size(); ++i) {
      // Two days, and texts with letters that the database and we might cut otherwise.
      batch.spans[i].start.value += static_cast<std::int64_t>(i) * 10 * kNanosPerSecond;
      if (i % 7 == 0)
        batch.spans[i].output_json = "ÑANDÚ_Zeta-9x\t\x01 wide ROOM {\"a\":\"b\\nccc\"} \xff\xfe";
    }
    ASSERT_TRUE(append(*store_, batch));
    ASSERT_TRUE(store_->flush(kFlushMs));
    before_ = ask(*store_, kWords);
    ASSERT_NE(before_.find("wide"), std::string::npos) << before_;
    // As the migration leaves it.
    run("TRUNCATE TABLE span_words");
    run("INSERT INTO span_words (first, last, spans, words) SELECT min(start), max(start), "
        "count(), '*' FROM spans "
        "GROUP BY toStartOfInterval(start, INTERVAL 10 MINUTE)");
    marks_ = ask(*store_, kMarks);
    ASSERT_GT(std::stoi(marks_), 50);
  }

  void run(const std::string& sql) {
    auto done = store_->execute(sql, {});
    ASSERT_TRUE(done) << to_string(done.error());
  }
  void restart() {
    store_->stop();
    store_.reset();
    store_ = open_store(store_options(folder_.path(), counters_));
    ASSERT_TRUE(store_);
  }
  void expect_all_taken() {
    std::string left;
    EXPECT_TRUE(eventually([&] { return (left = ask(*store_, kMarks)) == "0"; })) << left;
    EXPECT_EQ(ask(*store_, kWords), before_);
    EXPECT_EQ(ask(*store_, "SELECT sum(spans) FROM span_words FORMAT TSV"), "5000");
    EXPECT_EQ(store_->status().words_waiting, 0u);
  }

  static constexpr const char* kMarks =
      "SELECT count() FROM span_words WHERE words IN ('*', '-') FORMAT TSV";
  static constexpr const char* kWords =
      "SELECT arrayStringConcat(arraySort(groupUniqArrayArray(splitByChar('\\n', words))), ' ') "
      "FROM span_words FORMAT TSV";

  TemporaryFolder folder_;
  Counters counters_;
  std::unique_ptr<Store> store_;
  std::string before_, marks_;
};

TEST_F(WordBuilderTest, TakesTheSameWordsAfterARestart) {
  restart();
  expect_all_taken();
}

TEST_F(WordBuilderTest, GoesOnWhereItWasKilled) {
  restart();
  ASSERT_TRUE(eventually([&] {
    return ask(*store_, "SELECT count() > 3 FROM span_words WHERE words = '-' FORMAT TSV") == "1";
  }));
  const int pid = store_->status().child_pid;
  ASSERT_GT(pid, 0);
  ::kill(pid, SIGKILL);
  ASSERT_TRUE(eventually([&] { return store_->status().child_restarts > 0; }));
  restart();
  expect_all_taken();
}

}  // namespace
}  // namespace catalejo::store
