#include "store/judges.hpp"

#include <gtest/gtest.h>

namespace catalejo::store {
namespace {

TEST(Judges, DraftsBecomeVersionsThatStay) {
  auto opened = Judges::open(":memory:");
  ASSERT_TRUE(opened) << to_string(opened.error());
  Judges& judges = **opened;
  const auto id = judges.put({.name = "useful", .draft = "{\"a\":1}", .author = "Ana"});
  ASSERT_TRUE(id) << to_string(id.error());
  EXPECT_EQ(judges.find(*id)->version, 0);
  EXPECT_EQ(*judges.publish(*id, "Ana"), 1);
  EXPECT_EQ(*judges.publish(*id, "Ana"), 1) << "nothing changed";
  ASSERT_TRUE(judges.put({.id = *id, .name = "useful", .draft = "{\"a\":2}", .author = "Luis"}));
  EXPECT_EQ(judges.find(*id)->published, "{\"a\":1}") << "a draft judges nothing";
  ASSERT_TRUE(judges.unpublish(*id, "Luis"));
  EXPECT_EQ(judges.find(*id)->published, "");
  EXPECT_EQ(*judges.publish(*id, "Luis"), 2);
  EXPECT_EQ(judges.all()->front().published, "{\"a\":2}");
  EXPECT_EQ(judges.all()->front().author, "Luis");
}

TEST(Judges, NamesAreOnceAndRemovedOnesMakeRoom) {
  auto opened = Judges::open(":memory:");
  ASSERT_TRUE(opened);
  Judges& judges = **opened;
  const auto id = judges.put({.name = "useful", .draft = "{}", .author = ""});
  ASSERT_TRUE(id);
  const auto second = judges.put({.name = "useful", .draft = "{}", .author = ""});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().where, "name");
  EXPECT_TRUE(judges.put({.id = *id, .name = "useful", .draft = "{}", .author = ""}));
  ASSERT_TRUE(judges.remove(*id, "Ana"));
  EXPECT_FALSE(judges.remove(*id, "Ana"));
  EXPECT_FALSE(judges.publish(*id, "Ana"));
  const auto next = judges.put({.name = "useful", .draft = "{}", .author = ""});
  ASSERT_TRUE(next);
  EXPECT_GT(*next, *id) << "evaluations name ids: they are never used again";
}

TEST(Judges, AmountsOfADayReplaceWhatWasThere) {
  auto opened = Judges::open(":memory:");
  ASSERT_TRUE(opened);
  Judges& judges = **opened;
  ASSERT_TRUE(judges.put_day(7, {{1, {{"calls", 2}, {"budget", 1}}}}));
  ASSERT_TRUE(judges.put_day(7, {{1, {{"calls", 3}}}}));
  EXPECT_EQ(judges.day(7)->at(1), (JudgeAmounts{{"budget", 1}, {"calls", 3}}));
  EXPECT_TRUE(judges.day(8)->empty());
}

}  // namespace
}  // namespace catalejo::store
