#include "query/recent_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "row_writer.hpp"

namespace catalejo::query {
namespace {

void put(test::RowWriter& row, std::string_view app, std::int64_t start) {
  row.text(app).text("llm").text("answer").text("gpt-4o").text("eu");
  for (const std::int64_t number : {start, std::int64_t{7}, std::int64_t{3}, std::int64_t{1}})
    row.number(number);
  row.number(std::int64_t{-1});
}

TEST(RecentCalls, AreReadOldestFirst) {
  test::RowWriter row;
  put(row, "shop", 20);
  put(row, "help desk", 10);
  const std::string body = row.bytes();
  const auto calls = read_recent_calls(body);
  ASSERT_TRUE(calls);
  ASSERT_EQ(calls->size(), 2u);
  EXPECT_EQ((*calls)[0].ml_app, "help desk");
  EXPECT_EQ((*calls)[1].start.value, 20);
  EXPECT_EQ((*calls)[1].duration_ns, 7);
  EXPECT_EQ((*calls)[1].deployment, "eu");
  EXPECT_EQ((*calls)[1].cost_nano_usd, kUnknown);
}

TEST(RecentCalls, WhatTheDatabaseCutsOffIsAnError) {
  test::RowWriter row;
  put(row, "shop", 20);
  const std::string whole = row.bytes();
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_FALSE(read_recent_calls(std::string_view(whole).substr(0, size))) << size;
}

}  // namespace
}  // namespace catalejo::query
