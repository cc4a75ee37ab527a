#include "store/views.hpp"

#include <gtest/gtest.h>

namespace catalejo::store {
namespace {

TEST(Views, AreReplacedByNameRenamedById) {
  auto opened = Views::open(":memory:");
  ASSERT_TRUE(opened) << to_string(opened.error());
  Views& views = **opened;
  const auto first = views.put({.name = "Fallos", .path = "/traces", .query = "status=error"});
  ASSERT_TRUE(first) << to_string(first.error());
  const auto again = views.put(
      {.name = "Fallos", .path = "/traces", .query = "status=error&from=now-7d", .author = "ñ"});
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *first);
  const auto other = views.put({.name = "Fallos", .path = "/sessions"});
  ASSERT_TRUE(other);
  EXPECT_NE(*other, *first);

  const auto renamed = views.put({.id = *first, .name = "Errores", .path = "/traces", .query = ""});
  ASSERT_TRUE(renamed) << to_string(renamed.error());
  const auto listed = views.list();
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ((*listed)[0].name, "Errores");
  EXPECT_EQ((*listed)[0].id, *first);
  EXPECT_GT((*listed)[0].updated.value, 0);
}

TEST(Views, RefuseWhatMakesNoSense) {
  auto opened = Views::open(":memory:");
  ASSERT_TRUE(opened);
  Views& views = **opened;
  for (const char* path : {"", "/", "traces", "//evil.example", "/traces?x", "/a/b"})
    EXPECT_FALSE(views.put({.name = "x", .path = path})) << path;
  EXPECT_FALSE(views.put({.name = "", .path = "/traces"}));
  EXPECT_FALSE(views.put({.name = std::string(201, 'x'), .path = "/traces"}));
  EXPECT_FALSE(views.put({.name = "x", .path = "/traces", .query = std::string(9'000, 'q')}));
  EXPECT_EQ(views.put({.id = 7, .name = "x", .path = "/traces"}).error().code, Code::not_found);
  const auto a = views.put({.name = "a", .path = "/traces"});
  ASSERT_TRUE(a);
  ASSERT_TRUE(views.put({.name = "b", .path = "/traces"}));
  EXPECT_FALSE(views.put({.id = *a, .name = "b", .path = "/traces"})) << "the name is taken";
  EXPECT_TRUE(views.remove(*a));
  EXPECT_EQ(views.remove(*a).error().code, Code::not_found);
}

}  // namespace
}  // namespace catalejo::store
