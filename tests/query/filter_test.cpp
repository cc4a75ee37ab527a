#include "query/filter.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "query/search_query.hpp"

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
                             {"q", hostile},
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

TEST(Filter, SearchesTheJsonFormOfAWord) {
  const auto filter = parse({{"q", "say \\\"pedido\\\" \"dos palabras\""}});
  ASSERT_TRUE(filter);
  EXPECT_TRUE(has_value(condition(*filter), "dos palabras"));
  EXPECT_TRUE(has_value(condition(*parse({{"q", "a\\b"}})), "a\\\\b"));
}

TEST(Filter, LooksIntoTheTextsForAWordThatIsPartOfTheJsonItself) {
  for (const auto& [word, decoded] :
       {std::pair{"assistant", true}, {"Role", true}, {"pedido", false}, {"content", true}}) {
    const Statement where = condition(*parse({{"q", word}}));
    EXPECT_EQ(where.sql.find("JSONExtract") != std::string::npos, decoded) << word;
  }
}

TEST(Words, AreSplitAtSpacesOutsideQuotes) {
  EXPECT_EQ(split_words("  a \"b c\"  d\t\"\""), (std::vector<std::string>{"a", "b c", "d"}));
  EXPECT_TRUE(split_words("   ").empty());
}

TEST(SearchQuery, UnderstandsTermsThatAllHold) {
  Filter filter;
  ASSERT_TRUE(add_search_query(
      filter,
      "@ml_app:shop @status:error AND -service:web team:core \"free text\" word "
      "@meta.span.kind:\"llm\" @event_type:span * @trace_id:6b046490000000004f3ce31c344f7d98"));
  ASSERT_EQ(filter.fields.size(), 4u);
  EXPECT_EQ(filter.fields[0].field->parameter, "ml_app");
  EXPECT_EQ(filter.fields[2].excluded, std::vector<std::string>{"web"});
  EXPECT_EQ(filter.fields[3].wanted, std::vector<std::string>{"llm"});
  ASSERT_EQ(filter.tags.size(), 1u);
  EXPECT_EQ(filter.tags[0].key, "team");
  EXPECT_EQ(filter.words, (std::vector<std::string>{"free text", "word"}));
  EXPECT_EQ(to_hex(*filter.trace_id), "6b046490000000004f3ce31c344f7d98");
}

TEST(SearchQuery, NamesThePartItDoesNotUnderstand) {
  struct Case {
    std::string query, part;
  };
  for (const auto& [query, part] : {Case{"@status:error OR @status:ok", "'OR'"},
                                    {"NOT x", "'NOT'"},
                                    {"@duration:>5s", "'@duration:>5s'"},
                                    {"service:web*", "'service:web*'"},
                                    {"(a b)", "'('"},
                                    {"@cost:[1 TO 2]", "'@cost:['"},
                                    {"\"open", "'\"open'"},
                                    {"@evaluation.x.value:1", "'@evaluation.x.value:1'"},
                                    {"@status:", "'@status:'"},
                                    {"-word", "'-word'"},
                                    {"@trace_id:zz", "'@trace_id:zz'"}}) {
    Filter filter;
    const auto added = add_search_query(filter, query);
    ASSERT_FALSE(added) << query;
    EXPECT_NE(added.error().message.find(part), std::string::npos) << added.error().message;
  }
}

}  // namespace
}  // namespace catalejo::query
