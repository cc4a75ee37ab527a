#include "query/evaluator_agreement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "row_writer.hpp"

namespace catalejo::query {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// One line of the answer: label, what people and the evaluator say, how often, and where.
void put(test::RowWriter& row, std::string_view label, bool people_fail, int evaluator,
         std::uint64_t things, std::uint64_t span) {
  row.text(label).number(std::uint8_t{people_fail}).number(static_cast<std::uint8_t>(evaluator));
  row.number(things).length(1).number(std::int64_t{1}).trace_id({1, 2}).number(span);
}

TEST(EvaluatorAgreement, EachPairOfAnswersIsCounted) {
  test::RowWriter row;
  put(row, "pii", true, 0, 5, 10);
  put(row, "pii", true, 1, 4, 11);
  put(row, "pii", true, 2, 3, 12);
  put(row, "pii", false, 1, 2, 13);
  put(row, "pii", false, 2, 1, 14);
  const auto lines = read_agreement(row.bytes());
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 1u);
  const AgreementLine& line = lines->front();
  EXPECT_EQ(line.label, "pii");
  EXPECT_EQ(line.not_judged, 5u);
  EXPECT_EQ(line.both_fail, 4u);
  EXPECT_EQ(line.only_people, 3u);
  EXPECT_EQ(line.only_evaluator, 2u);
  EXPECT_EQ(line.both_pass, 1u);
  EXPECT_THAT(line.differences, ElementsAre(AgreementLine::Difference{{1, 2}, {12}, true},
                                            AgreementLine::Difference{{1, 2}, {13}, false}));
}

TEST(EvaluatorAgreement, ANameThatNoEvaluatorHasIsNone) {
  test::RowWriter row;
  put(row, "helpful", true, 0, 5, 10);
  put(row, "pii", false, 2, 1, 11);
  const auto lines = read_agreement(row.bytes());
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ(lines->front().label, "pii");
}

TEST(EvaluatorAgreement, WhatTheDatabaseCutsOffIsAnError) {
  test::RowWriter row;
  put(row, "pii", true, 1, 4, 11);
  const std::string whole = row.bytes();
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_FALSE(read_agreement(std::string_view(whole).substr(0, size))) << size;
}

TEST(EvaluatorAgreement, TextsOfPersonsAreParameters) {
  const std::string evil = "x') OR 1=1 --";
  const Statement statement =
      plan_agreement({.from = {}, .to = {}, .ml_apps = {evil}, .silent = {}});
  EXPECT_EQ(statement.sql.find(evil), std::string::npos);
  EXPECT_THAT(statement.sql, HasSubstr("ml_app IN {"));
}

}  // namespace
}  // namespace catalejo::query
