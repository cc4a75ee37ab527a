// Against examples worked out in print.
#include "insight/agreement.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string_view>

namespace catalejo::insight {
namespace {

std::vector<CategoryPair> counted(const std::vector<std::vector<int>>& table) {
  std::vector<CategoryPair> pairs;
  for (std::uint32_t row = 0; row < table.size(); ++row)
    for (std::uint32_t column = 0; column < table[row].size(); ++column)
      pairs.insert(pairs.end(), static_cast<std::size_t>(table[row][column]), {row, column});
  return pairs;
}

// Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, section 18.1: diagnoses
// of 100 people (psychotic, neurotic, organic) by two raters.
TEST(Agreement, KappaOfDiagnoses) {
  const auto found = agreement_of_two(counted({{75, 1, 4}, {5, 4, 1}, {0, 0, 10}}));
  EXPECT_EQ(found.things, 100u);
  EXPECT_EQ(found.same, 89u);
  ASSERT_TRUE(found.kappa);
  EXPECT_NEAR(*found.kappa, 0.68, 0.005);
}

// The usual example of two readers of 50 grant applications.
TEST(Agreement, KappaOfGrantApplications) {
  const auto found = agreement_of_two(counted({{20, 5}, {10, 15}}));
  EXPECT_EQ(found.same, 35u);
  ASSERT_TRUE(found.kappa);
  EXPECT_NEAR(*found.kappa, 0.4, 1e-12);
}

TEST(Agreement, KappaWhereChanceExplainsEverything) {
  EXPECT_FALSE(agreement_of_two({}).kappa);
  const auto same = agreement_of_two(counted({{7}}));
  EXPECT_EQ(same.same, 7u);
  EXPECT_FALSE(same.kappa);
  EXPECT_NEAR(*agreement_of_two(counted({{0, 5}, {5, 0}})).kappa, -1, 1e-12);
}

// One text per judge, one character per thing; '.' is a thing left out.
std::vector<std::vector<double>> judged(const std::vector<std::string_view>& judges) {
  std::vector<std::vector<double>> things(judges.at(0).size());
  for (const std::string_view judge : judges)
    for (std::size_t i = 0; i < judge.size(); ++i)
      if (judge[i] != '.') things[i].push_back(judge[i]);
  return things;
}

// Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), examples A, B and C.
TEST(Agreement, AlphaOfTwoObserversAndTwoValues) {
  const auto things = judged({"0100000010", "1110010000"});
  EXPECT_NEAR(*alpha_of(things, Distance::nominal), 0.095, 0.0005);
  EXPECT_NEAR(*share_of_same(things), 0.6, 1e-12);
}

TEST(Agreement, AlphaOfTwoObserversAndFiveValues) {
  EXPECT_NEAR(*alpha_of(judged({"aabbdcccedda", "babbbccceddd"}), Distance::nominal), 0.692,
              0.0005);
}

TEST(Agreement, AlphaOfFourObserversWhoLeftThingsOut) {
  const auto things = judged({"123321412...", "1233224125.3", ".3332342251.", "12332441251."});
  EXPECT_NEAR(*alpha_of(things, Distance::nominal), 0.743, 0.0005);
  EXPECT_NEAR(*alpha_of(things, Distance::interval), 0.849, 0.0005);
}

TEST(Agreement, AlphaOfNothingComparable) {
  EXPECT_FALSE(alpha_of({}, Distance::nominal));
  EXPECT_FALSE(alpha_of(judged({"1.", ".2"}), Distance::nominal));
  EXPECT_FALSE(alpha_of(judged({"111", "111"}), Distance::interval)) << "no value differs";
  EXPECT_FALSE(share_of_same(judged({"1.", ".2"})));
  EXPECT_NEAR(*alpha_of(judged({"12", "12"}), Distance::interval), 1, 1e-12);
}

TEST(Agreement, AlphaOfLargeNumbersIsThatOfTheirDistances) {
  const std::vector<std::vector<double>> near = {{1, 2}, {3, 3}, {5, 4}};
  const std::vector<std::vector<double>> far = {
      {1e9 + 1, 1e9 + 2}, {1e9 + 3, 1e9 + 3}, {1e9 + 5, 1e9 + 4}};
  EXPECT_NEAR(*alpha_of(near, Distance::interval), *alpha_of(far, Distance::interval), 1e-9);
}

}  // namespace
}  // namespace catalejo::insight
