#include "query/search/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.hpp"

namespace catalejo::query::search {
namespace {

using testing::HasSubstr;

std::optional<Statement> plan(std::string_view text) {
  auto query = read(text);
  EXPECT_TRUE(std::holds_alternative<Query>(query)) << text;
  return plan_stretches(&std::get<Query>(query), {}, {.from = {1}, .to = {9}});
}

std::string body_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& rows) {
  std::string body;
  for (const auto& [first, last] : rows) {
    body.append(reinterpret_cast<const char*>(&first), 8);
    body.append(reinterpret_cast<const char*>(&last), 8);
  }
  return body;
}

TEST(SearchWords, NothingIsSaidWithoutWords) {
  for (const std::string_view text :
       {"", "@duration:>1s", "-hola", "-team:core", "hola OR @duration:>1s", "ab",
        "_exists_:@meta.input", "@child.@meta.input:hola", "NOT (hola adios)",
        "@evaluation.tone.value:bad"})
    EXPECT_FALSE(plan(text)) << text;
}

TEST(SearchWords, EveryPieceIsPartOfAWord) {
  const auto statement = plan("@duration:>1s Hola-Mundo*x1y");
  ASSERT_TRUE(statement);
  EXPECT_THAT(statement->sql, HasSubstr("(startsWith(words, '*') OR (words LIKE {p0:String} AND "
                                        "words LIKE {p1:String} AND words LIKE {p2:String}))"));
  EXPECT_EQ(statement->parameters[0].second, "%hola%");
  EXPECT_EQ(statement->parameters[1].second, "%mundo%");
  EXPECT_EQ(statement->parameters[2].second, "%x1y%");
}

TEST(SearchWords, OtherLettersAreComparedByTheDatabase) {
  const auto statement = plan("(Ñandú OR gato) perro");
  ASSERT_TRUE(statement);
  EXPECT_THAT(statement->sql, HasSubstr("((startsWith(words, '*') OR (words ILIKE {p0:String})) OR "
                                        "(startsWith(words, '*') OR (words LIKE {p1:String})))"));
}

TEST(SearchWords, ATagStandsWholeOrByItsKey) {
  const auto whole = plan("team:(core OR \"x y\") hola");
  ASSERT_TRUE(whole);
  EXPECT_THAT(whole->sql, HasSubstr("startsWith(tags, '*') OR position(tags, {p0:String}) > 0"));
  EXPECT_EQ(whole->parameters[0].second, "\nteam:core\n");
  EXPECT_EQ(whole->parameters[1].second, "\nteam:x y\n");
  EXPECT_EQ(whole->parameters[2].second, "%hola%");
  for (const std::string_view text : {"team:co*", "team:>5", "_exists_:team", "team:[1 TO 3]"}) {
    const auto key = plan(text);
    ASSERT_TRUE(key) << text;
    EXPECT_EQ(key->parameters[0].second, "\nteam:") << text;
  }
}

TEST(SearchWords, TagsOfAFilter) {
  const auto statement = plan_stretches(nullptr, {{"team", "core"}, {"none", ""}}, {{1}, {9}});
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->parameters[0].second, "\nteam:core\n");
  EXPECT_FALSE(plan_stretches(nullptr, {{"none", ""}}, {{1}, {9}}));
}

TEST(SearchWords, StretchesAreJoinedAndFew) {
  auto joined = read_stretches(body_of({{1, 5}, {2, 3}, {4, 9}, {10, 12}}));
  ASSERT_TRUE(joined);
  EXPECT_EQ(*joined, (std::vector<Stretch>{{{1}, {9}}, {{10}, {12}}}));

  std::vector<std::pair<std::int64_t, std::int64_t>> many;
  for (std::int64_t i = 0; i < 1'000; ++i) many.emplace_back(i * 1'000 + i * i, i * 1'000 + i * i);
  auto few = read_stretches(body_of(many));
  ASSERT_TRUE(few);
  EXPECT_LE(few->size(), limits::search_stretches_max);
  EXPECT_GT(few->size(), 1u);
  for (const auto& each : many) {
    const std::int64_t time = each.first;
    EXPECT_TRUE(std::ranges::any_of(
        *few, [&](const Stretch& s) { return s.first.value <= time && time <= s.second.value; }));
  }
  EXPECT_FALSE(read_stretches("short"));
}

}  // namespace
}  // namespace catalejo::query::search
