#include "store/redaction.hpp"

#include <gtest/gtest.h>

namespace catalejo::store {
namespace {

TEST(RedactionControl, KeepsEveryVersionAndUndoes) {
  auto opened = RedactionControl::open(":memory:");
  ASSERT_TRUE(opened) << to_string(opened.error());
  RedactionControl& control = **opened;
  const auto id = control.put({.app = "*", .target = "pii", .action = "mask"}, "Ana");
  ASSERT_TRUE(id) << to_string(id.error());
  ASSERT_TRUE(control.put({.id = *id, .app = "*", .target = "pii", .action = "hash"}, "Ana"));
  EXPECT_EQ(control.rules()->front().action, "hash");
  ASSERT_TRUE(control.undo(control.history(10)->front().seq, "Luis"));
  EXPECT_EQ(control.rules()->front().action, "mask");
  ASSERT_TRUE(control.remove(*id, "Luis"));
  EXPECT_TRUE(control.rules()->empty());
  EXPECT_FALSE(control.remove(*id, "Luis"));
  ASSERT_TRUE(control.undo(control.history(10)->front().seq, "Luis"));
  EXPECT_EQ(control.rules()->size(), 1u);
  // The first version was made from nothing: undone, there is no rule.
  ASSERT_TRUE(control.undo(1, "Luis"));
  EXPECT_TRUE(control.rules()->empty());
  EXPECT_EQ(control.history(10)->front().author, "Luis");
  EXPECT_FALSE(control.put({.id = 99, .app = "*", .target = "pii", .action = "mask"}, "Ana"));
  EXPECT_FALSE(control.undo(99, "Ana"));
}

}  // namespace
}  // namespace catalejo::store
