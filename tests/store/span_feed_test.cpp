// The reader of the log: every span once, in the batches of the database, again until it is saved.
#include "store/span_feed.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "support/store_fixture.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

struct Heard {
  std::size_t spans = 0;
  std::map<std::string, std::uint64_t> batches;  // token → position
  std::uint64_t last = 0;                        // position; tokens are in no order of the log

  Result<bool> read(SpanFeed& feed) {
    const SpanFeed::Visitor visitor{
        .on_span = [this](std::uint8_t, std::string_view) { ++spans; },
        .on_batch = [this](std::uint64_t position,
                           const std::string& token) { batches[token] = last = position; }};
    return feed.read_on(visitor);
  }
  bool has(SpanFeed& feed, std::size_t wanted) {
    return eventually([&] {
      EXPECT_TRUE(read(feed));
      return spans >= wanted;
    });
  }
};

TEST(SpanFeed, ReadsEachSpanOnceAndAgainWhatWasNotSaved) {
  require_engine();
  const TemporaryFolder folder;
  Counters counters;
  std::string token;
  {
    auto store = open_store(store_options(folder.path(), counters));
    SpanFeed& feed = *store->span_feed();
    // Before somebody reads, the log waits for nobody.
    ASSERT_TRUE(append(*store, spans(1, 10)));
    ASSERT_TRUE(store->flush(60'000));
    ASSERT_TRUE(feed.begin());
    ASSERT_TRUE(append(*store, spans(100, 20)));
    Heard heard;
    ASSERT_TRUE(heard.has(feed, 20));
    EXPECT_GE(heard.spans, 20u);
    ASSERT_FALSE(heard.batches.empty());
    EXPECT_GT(feed.behind_bytes(), 0u);
    ASSERT_TRUE(feed.save(heard.last));
    EXPECT_EQ(feed.behind_bytes(), 0u);
    EXPECT_EQ(*heard.read(feed), false);

    ASSERT_TRUE(append(*store, spans(200, 30)));
    Heard unsaved;
    ASSERT_TRUE(unsaved.has(feed, 30));
    EXPECT_EQ(unsaved.spans, 30u);
    feed.rewind();
    Heard repeated;
    ASSERT_TRUE(repeated.has(feed, 30));
    EXPECT_EQ(repeated.spans, 30u);
    EXPECT_EQ(repeated.batches, unsaved.batches);
    token = unsaved.batches.begin()->first;
  }
  auto store = open_store(store_options(folder.path(), counters));
  ASSERT_TRUE(store->span_feed()->begin());
  Heard after;
  ASSERT_TRUE(after.has(*store->span_feed(), 30));
  EXPECT_EQ(after.spans, 30u);
  EXPECT_EQ(after.batches.begin()->first, token);
  ASSERT_TRUE(store->span_feed()->leave());
  EXPECT_FALSE(std::filesystem::exists(folder.file("log/read")));
  EXPECT_EQ(store->span_feed()->behind_bytes(), 0u);
}

}  // namespace
}  // namespace catalejo::store
