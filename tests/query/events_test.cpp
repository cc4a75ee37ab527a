// Searches of events: what they become, and what is said of those that mean nothing.
#include "query/events/events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::query::events {
namespace {

using testing::HasSubstr;
using testing::Not;

// The condition with its parameters in it, in quotes.
std::string condition(std::string_view text) {
  auto search = parse(text);
  if (!search) return to_string(search.error());
  Filter filter{.search = *std::move(search)};
  Statement statement = plan_events(filter, {.limit = 1});
  for (const auto& [name, value] : statement.parameters) {
    for (const char* type : {"String", "Array(String)", "Int64", "UInt64"}) {
      const std::string written = "{" + name + ":" + type + "}";
      for (std::size_t at; (at = statement.sql.find(written)) != std::string::npos;)
        statement.sql.replace(at, written.size(), "'" + value + "'");
    }
  }
  const std::size_t begin = statement.sql.find("'UTC') AND (") + 12;
  const std::size_t second = statement.sql.find("'UTC') AND (", begin);
  return statement.sql.substr(second == std::string::npos ? begin : second + 12);
}

TEST(EventSearch, KeysAreColumnsOrTags) {
  EXPECT_THAT(condition("source:Jenkins"), HasSubstr("has('['jenkins']', toString(source_type))"));
  EXPECT_THAT(condition("sources:a,b"), HasSubstr("has('['a','b']', toString(source_type))"));
  EXPECT_THAT(condition("status:warn"), HasSubstr("has('['warning']', toString(alert_type))"));
  EXPECT_THAT(condition("host:web*"), HasSubstr("host ILIKE 'web%'"));
  EXPECT_THAT(condition("env:Prod"), HasSubstr("has(tags, 'env:prod')"));
  EXPECT_THAT(condition("tags:env:prod"), HasSubstr("has(tags, 'env:prod')"));
  EXPECT_THAT(condition("team:i*"), HasSubstr("ILIKE 'i%'"));
  EXPECT_THAT(condition("priority:all"), Not(HasSubstr("priority,")));
  EXPECT_THAT(condition("check:db.up"), HasSubstr("title = 'db.up'"));
  EXPECT_THAT(condition("@evt.source:a"), HasSubstr("source_type"));
  EXPECT_THAT(condition("_exists_:env"), HasSubstr("startsWith(t, 'env:')"));
}

TEST(EventSearch, WordsAreLookedForInTitleAndText) {
  EXPECT_THAT(condition("deployed"),
              HasSubstr("positionCaseInsensitiveUTF8(title, 'deployed') > 0 OR "));
  EXPECT_THAT(condition("\"version 2\""), HasSubstr("'version 2'"));
  EXPECT_THAT(condition("deplo*"), HasSubstr("title ILIKE '%deplo%%'"));
}

TEST(EventSearch, TermsAreJoined) {
  EXPECT_THAT(condition("env:a -env:b"),
              HasSubstr("(has(tags, 'env:a'))) AND (NOT ((has(tags, 'env:b'))))"));
  EXPECT_THAT(condition("env:(a OR b)"), HasSubstr(" OR "));
  EXPECT_THAT(condition("env IN [a,b]"), HasSubstr("has(tags, 'env:a') OR has(tags, 'env:b')"));
  EXPECT_THAT(condition(""), HasSubstr("1)"));
}

TEST(EventSearch, NothingTypedIsPartOfTheSql) {
  auto search = parse(R"(a:"'; DROP TABLE events --" \'b)");
  ASSERT_TRUE(search) << to_string(search.error());
  const Statement statement = plan_events({.search = *std::move(search)}, {.limit = 1});
  EXPECT_THAT(statement.sql, Not(HasSubstr("DROP")));
}

TEST(EventSearch, WhatMeansNothingIsToldWhere) {
  const auto message = [](std::string_view text) {
    const auto parsed = parse(text);
    return parsed ? std::string() : parsed.error().message;
  };
  EXPECT_THAT(message("a:>5"), HasSubstr("events are not compared"));
  EXPECT_THAT(message("env:a (b"), HasSubstr("at character 7"));
  EXPECT_THAT(message(std::string(limits::event_query_bytes_max + 1, 'a')), HasSubstr("bytes"));
}

TEST(Events, ABodyThatIsNoneIsRefused) {
  EXPECT_FALSE(read_events("\x01\x02\x03"));
  EXPECT_FALSE(read_counts("\x01"));
  EXPECT_TRUE(read_events("")->empty());
}

}  // namespace
}  // namespace catalejo::query::events
