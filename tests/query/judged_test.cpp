#include "query/search/judged.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "row_writer.hpp"

namespace catalejo::query::search {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct About {
  TraceId trace{};
  std::uint64_t span = 0;
  std::string session = {}, key = {}, value = {};
};

std::string body_of(const std::vector<About>& rows) {
  test::RowWriter writer;
  for (const About& row : rows)
    writer.trace_id(row.trace).number(row.span).text(row.session).text(row.key).text(row.value);
  return writer.bytes();
}

TEST(SearchJudged, EachIsAboutOneThing) {
  const auto judged = read_judged(body_of({{.trace = {1, 1}, .span = 7, .session = "s"},
                                           {.trace = {2, 2}},
                                           {.session = "talk"},
                                           {.key = "ticket", .value = "9"}}));
  ASSERT_TRUE(judged);
  const Judged& found = **judged;
  EXPECT_THAT(found.spans, ElementsAre(std::pair(TraceId{1, 1}, SpanId{7})));
  EXPECT_THAT(found.traces, ElementsAre(TraceId{2, 2}));
  EXPECT_THAT(found.sessions, ElementsAre("talk"));
  EXPECT_THAT(found.tags, ElementsAre(std::pair(std::string("ticket"), std::string("9"))));
}

TEST(SearchJudged, TooManyOrTooLongAreNotTold) {
  std::vector<About> rows(limits::search_judged_max, About{.trace = {1, 1}, .span = 7});
  EXPECT_NE(*read_judged(body_of(rows)), nullptr);
  rows.push_back(rows.front());
  EXPECT_EQ(*read_judged(body_of(rows)), nullptr);
  EXPECT_EQ(*read_judged(body_of({{.session = std::string(limits::search_judged_bytes_max, 's')}})),
            nullptr);
}

TEST(SearchJudged, WhatIsCutOffIsAnError) {
  const std::string body = body_of({{.trace = {1, 1}, .span = 7, .session = "s"}});
  for (std::size_t size = 1; size < body.size(); ++size)
    EXPECT_FALSE(read_judged(std::string_view(body).substr(0, size))) << size;
}

TEST(SearchJudged, OnlyTheWaysThatJoinAreAskedFor) {
  StatementBuilder out;
  EXPECT_EQ(write_condition(out, {}), "false");
  const std::string by_tag = write_condition(out, {.tags = {{"ticket", "9"}}});
  EXPECT_THAT(by_tag, HasSubstr("tags["));
  EXPECT_THAT(by_tag, Not(HasSubstr("trace_id")));
  const std::string by_span = write_condition(out, {.spans = {{{1, 1}, {7}}}});
  EXPECT_THAT(by_span, HasSubstr("trace_id IN"));
  EXPECT_THAT(by_span, Not(HasSubstr("tags[")));
}

}  // namespace
}  // namespace catalejo::query::search
