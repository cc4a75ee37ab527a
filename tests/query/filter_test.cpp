#include "query/filter.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::query {
namespace {

const UnixNanos kNow = *parse_rfc3339("2026-11-24T04:00:00Z");

Result<Filter> parse(const Parameters& parameters) {
  return parse_filter(parameters, View::traces, kNow, {"limit"});
}

Statement condition(const Filter& filter) {
  StatementBuilder out;
  write_condition(out, filter);
  return std::move(out).finish();
}

bool has_value(const Statement& statement, const std::string& value) {
  for (const auto& [name, bound] : statement.parameters)
    if (bound == value) return true;
  return false;
}

TEST(Filter, LooksAtTheLastHourOfTracesByDefault) {
  const auto filter = parse({});
  ASSERT_TRUE(filter);
  EXPECT_EQ(to_rfc3339(filter->from), "2026-11-24T03:00:00Z");
  EXPECT_EQ(filter->to, kNow);
  EXPECT_EQ(filter->view, View::traces);
}

TEST(Filter, SaysWhichParameterIsWrong) {
  struct Case {
    std::string name, value;
  };
  for (const auto& [name, value] : {Case{"from", "yesterday"},
                                    {"to", ""},
                                    {"view", "logs"},
                                    {"status", "unset"},
                                    {"status", "-"},
                                    {"tag", "team"},
                                    {"tag", ":x"},
                                    {"min_duration_ms", "-1"},
                                    {"max_duration_ms", "nan"},
                                    {"min_duration_ms", "1e300"},
                                    {"modle", "gpt-4o"},
                                    {"query", "(a"},
                                    {"service", std::string(5'000, 'x')}}) {
    const auto filter = parse({{name, value}});
    ASSERT_FALSE(filter) << name << "=" << value;
    EXPECT_EQ(filter.error().code, Code::bad_request);
    EXPECT_EQ(filter.error().where, name);
    EXPECT_FALSE(filter.error().message.empty());
  }
  EXPECT_FALSE(parse({{"from", "now"}, {"to", "now-1h"}}));
}

TEST(Filter, RefusesMoreValuesThanTheLimit) {
  Parameters many(limits::filter_values_max, {"model", "gpt-4o"});
  EXPECT_TRUE(parse(many));
  many.emplace_back("model", "o3");
  EXPECT_FALSE(parse(many));
}

TEST(Filter, TakesSeveralValuesAsOrAndAMinusAsExclusion) {
  const auto filter =
      parse({{"model", "gpt-4o"}, {"model", "o3"}, {"model", "-gpt-4o-mini"}, {"limit", "5"}});
  ASSERT_TRUE(filter);
  const Statement where = condition(*filter);
  EXPECT_NE(where.sql.find("AND model IN {"), std::string::npos);
  EXPECT_NE(where.sql.find("AND model NOT IN {"), std::string::npos);
  EXPECT_TRUE(has_value(where, "['gpt-4o','o3']"));
  EXPECT_TRUE(has_value(where, "['gpt-4o-mini']"));
}

TEST(Filter, NeverWritesAValueIntoTheSql) {
  const std::string hostile = "x'); DROP TABLE spans; --\\";
  const auto filter = parse({{"service", hostile},
                             {"tag", hostile + ":" + hostile},
                             {"query", "\"" + hostile + " \""},
                             {"session", hostile},
                             {"name", "-" + hostile}});
  ASSERT_TRUE(filter);
  const Statement where = condition(*filter);
  EXPECT_EQ(where.sql.find("DROP"), std::string::npos) << where.sql;
  EXPECT_TRUE(has_value(where, "['x\\'); DROP TABLE spans; --\\\\']"));
}

TEST(Filter, ChoosesTheHalfByTheView) {
  for (const auto& [view, sql] : {std::pair{"traces", "half IN (1, 3) AND parent_id = 0"},
                                  {"spans", "half IN (1, 3)"},
                                  {"apm", "half IN (2, 3)"}}) {
    const auto filter = parse({{"view", view}});
    ASSERT_TRUE(filter);
    EXPECT_NE(condition(*filter).sql.find(sql), std::string::npos) << view;
  }
}

TEST(Filter, SaysWhereASearchIsWrong) {
  const auto filter = parse({{"query", "a @statsu:error"}});
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().where, "query");
  EXPECT_NE(filter.error().message.find("at character 3"), std::string::npos);
  EXPECT_NE(filter.error().message.find("@status"), std::string::npos);
}

}  // namespace
}  // namespace catalejo::query
