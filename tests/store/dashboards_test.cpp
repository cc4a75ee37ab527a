#include "store/dashboards.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::store {
namespace {

Dashboard named(std::string title) {
  return {.id = {},
          .title = std::move(title),
          .layout = "ordered",
          .body = "{}",
          .author = "ana",
          .created = {},
          .modified = {}};
}

TEST(Dashboards, AreKeptChangedAndRemoved) {
  auto opened = Dashboards::open(":memory:");
  ASSERT_TRUE(opened) << to_string(opened.error());
  Dashboards& dashboards = **opened;
  auto first = dashboards.put(named("tokens"));
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_EQ(first->id.size(), 11u);
  ASSERT_TRUE(dashboards.put(named("Calls")));

  Dashboard changed = *first;
  changed.title = "Tokens, daily";
  changed.body = R"({"widgets":[]})";
  changed.author = "luis";
  ASSERT_TRUE(dashboards.put(changed));
  const auto again = dashboards.get(first->id);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->title, "Tokens, daily");
  EXPECT_EQ(again->body, R"({"widgets":[]})");
  EXPECT_EQ(again->author, "ana") << "of the first version";
  EXPECT_GE(again->modified.value, again->created.value);

  const auto all = dashboards.list();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].title, "Calls");
  EXPECT_EQ((*all)[0].body, "");

  ASSERT_TRUE(dashboards.remove(first->id));
  EXPECT_EQ(dashboards.get(first->id).error().code, Code::not_found);
  EXPECT_EQ(dashboards.remove(first->id).error().code, Code::not_found);
  EXPECT_EQ(dashboards.put(changed).error().code, Code::not_found);
}

TEST(Dashboards, ComeBackUnderTheirOwnIdAsTheyWere) {
  auto opened = Dashboards::open(":memory:");
  ASSERT_TRUE(opened);
  Dashboards& dashboards = **opened;
  auto kept = dashboards.put(named("tokens"));
  ASSERT_TRUE(kept);
  ASSERT_TRUE(dashboards.remove(kept->id));
  EXPECT_TRUE(dashboards.list()->empty());
  ASSERT_TRUE(dashboards.restore(kept->id));
  const auto back = dashboards.get(kept->id);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->title, "tokens");
  EXPECT_EQ(back->created.value, kept->created.value);
  EXPECT_EQ(dashboards.list()->size(), 1u);
  EXPECT_TRUE(dashboards.restore(kept->id)) << "it is there already";
  EXPECT_EQ(dashboards.restore("abc-def-ghi").error().code, Code::not_found);
}

TEST(Dashboards, RefuseWhatMakesNoSense) {
  auto opened = Dashboards::open(":memory:");
  ASSERT_TRUE(opened);
  Dashboards& dashboards = **opened;
  EXPECT_FALSE(dashboards.put(named("")));
  EXPECT_FALSE(dashboards.put(named(std::string(limits::dashboard_title_bytes_max + 1, 'x'))));
  Dashboard large = named("large");
  large.body = std::string(limits::dashboard_bytes_max + 1, ' ');
  EXPECT_FALSE(dashboards.put(large));
}

}  // namespace
}  // namespace catalejo::store
