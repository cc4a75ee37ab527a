#include "query/slices.hpp"

#include <gtest/gtest.h>

namespace catalejo::query {
namespace {

constexpr std::int64_t kMinute = 60 * kNanosPerSecond;

Filter between(std::int64_t from, std::int64_t to) {
  Filter filter;
  filter.from = {from};
  filter.to = {to};
  return filter;
}

TEST(Slices, AreWholeAndOver) {
  const std::int64_t day = 86'400 * kNanosPerSecond;
  const Slices slices = slices_of(between(day + 1, 2 * day + 7 * kMinute), kMinute, {2 * day});
  EXPECT_EQ(slices.length_ns, 15 * kMinute);
  ASSERT_EQ(slices.whole.size(), 95u);
  EXPECT_EQ(slices.whole.front().first.value, day + 15 * kMinute);
  EXPECT_EQ(slices.whole.back().second.value, 2 * day - 1);
  // Buckets are not cut, and a longer time has longer slices.
  EXPECT_EQ(slices_of(between(0, day), 7 * kMinute, {day}).length_ns, 21 * kMinute);
  EXPECT_EQ(slices_of(between(0, 90 * day), kMinute, {90 * day}).length_ns, 1'296 * kMinute);
  EXPECT_TRUE(slices_of(between(1, 10 * kMinute), kMinute, {day}).whole.empty());
  EXPECT_TRUE(slices_of(between(INT64_MIN, day), kMinute, {day}).whole.empty());
}

TEST(Slices, TheRestIsWhatIsNotKnown) {
  using search::Stretch;
  const std::vector<Stretch> known = {{{20}, {29}}, {{30}, {39}}, {{60}, {69}}};
  EXPECT_EQ(rest_of(between(5, 100), known),
            (std::vector<Stretch>{{{5}, {19}}, {{40}, {59}}, {{70}, {100}}}));
  EXPECT_EQ(rest_of(between(20, 69), known), (std::vector<Stretch>{{{40}, {59}}}));
  EXPECT_EQ(rest_of(between(5, 6), {}), (std::vector<Stretch>{{{5}, {6}}}));
}

TEST(Slices, AQuestionIsItsFilterWithoutTime) {
  Filter filter = between(5, 100);
  Filter other = between(7, 8);
  ASSERT_TRUE(question_of(filter));
  EXPECT_EQ(question_of(filter), question_of(other));
  other.tags = {{"env", "prod", false}};
  EXPECT_NE(question_of(filter), question_of(other));
  filter.tags = {{"env", "prod1", false}};
  EXPECT_NE(question_of(filter), question_of(other));
  // Evaluations come later than the spans they judge.
  ASSERT_TRUE(other.set_search("@evaluation.good.value:>1", "query"));
  EXPECT_FALSE(question_of(other));
  ASSERT_TRUE(other.set_search("@duration:>5s", "query"));
  EXPECT_TRUE(question_of(other));
  other.stretches.emplace();
  EXPECT_FALSE(question_of(other));
}

TEST(Slices, AreJoinedWithTheLargestValuesFirst) {
  Facets a, b;
  a.fields = {{{"x", 3}, {"y", 5}}, {}};
  a.total = 8;
  b.fields = {{{"x", 4}, {"z", 1}}, {{"ok", 2}}};
  b.total = 7;
  const Facets all = joined(std::vector<Facets>{a, b}, 2, 2);
  EXPECT_EQ(all.total, 15u);
  ASSERT_EQ(all.fields[0].size(), 2u);
  EXPECT_EQ(all.fields[0][0].value, "x");
  EXPECT_EQ(all.fields[0][0].count, 7u);
  EXPECT_EQ(all.fields[0][1].value, "y");
  EXPECT_EQ(all.fields[1][0].value, "ok");
  // Of no part at all there are the same fields, without values.
  const Facets none = joined(std::vector<Facets>{}, 2, 2);
  EXPECT_EQ(none.total, 0u);
  ASSERT_EQ(none.fields.size(), 2u);
  EXPECT_TRUE(none.fields[0].empty() && none.fields[1].empty());
}

TEST(SliceCache, ForgetsWhatChangedAndWhatIsTooMuch) {
  store::InsertedTimes times;
  SliceCache<int> cache;
  cache.put({"q", {10}, {19}}, times.position(), 1, 0);
  cache.put({"q", {20}, {29}}, times.position(), 2, 0);
  ASSERT_TRUE(cache.find({"q", {10}, {19}}, times));
  EXPECT_FALSE(cache.find({"other", {10}, {19}}, times));
  times.begin({5}, {10});
  times.end();
  EXPECT_FALSE(cache.find({"q", {10}, {19}}, times));
  EXPECT_EQ(*cache.find({"q", {20}, {29}}, times), 2);
  // Inserted while the database was asked.
  const std::uint64_t asked = times.position();
  times.begin({20}, {20});
  times.end();
  cache.put({"q", {20}, {29}}, asked, 3, 0);
  EXPECT_FALSE(cache.find({"q", {20}, {29}}, times));
  const std::size_t half = limits::slice_cache_bytes_max / 2;
  for (int i = 0; i < 3; ++i) cache.put({"large", {i}, {i}}, times.position(), i, half - 1'000);
  EXPECT_FALSE(cache.find({"large", {0}, {0}}, times));
  EXPECT_TRUE(cache.find({"large", {2}, {2}}, times));
}

}  // namespace
}  // namespace catalejo::query
