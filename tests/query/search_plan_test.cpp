// The SQL of a search: only our own text, every value a parameter; and completions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/search/search.hpp"
#include "query/search/suggest.hpp"

namespace catalejo::query::search {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Scope kScope{*parse_rfc3339("2026-11-24T03:00:00Z"), *parse_rfc3339("2026-11-24T04:00:00Z")};

Statement planned(std::string_view text, Scope scope = kScope) {
  auto result = read(text);
  EXPECT_TRUE(std::holds_alternative<Query>(result)) << text;
  if (std::holds_alternative<Problem>(result)) return {};
  StatementBuilder out;
  const std::string condition = write_condition(out, std::get<Query>(result), scope);
  out << condition;
  return std::move(out).finish();
}

bool binds(const Statement& statement, std::string_view value) {
  for (const auto& [name, bound] : statement.parameters)
    if (bound == value) return true;
  return false;
}

TEST(SearchPlan, WritesColumnsAndBindsValues) {
  struct Case {
    std::string_view text, sql, value;
  };
  for (const auto& [text, sql, value] : {
           Case{"@service:web", "service = {p0:String}", "web"},
           {"-@service:web", "NOT service = {p0:String}", "web"},
           {"@service:we?_b*", "service LIKE {p0:String}", "we_\\_b%"},
           {"@env IN [a, b]", "env IN {p0:Array(String)}", "['a','b']"},
           {"@duration:>5s", "duration_ns > {p0:Int64}", "5000000000"},
           {"@status:error", "error != 0", ""},
           {"team:core", "tags[{p0:String}] = {p1:String}", "core"},
           {"team:\"\"", "mapContains(tags, {p0:String})", "team"},
           {"_exists_:team", "mapContains(tags, {p0:String})", "team"},
           {"@metrics.ttft:>500ms", "metrics[{p0:String}] > {p1:Float64}", "0.5"},
           {"@meta.metadata.a.b:x", "JSONHas(metadata, {p0:String}, {p1:String})", "b"},
           {"@parent_id:undefined", "parent_id IN {p0:Array(UInt64)}", "[0]"},
           {"Señor", "(input ILIKE {p0:String} OR output ILIKE {p0:String})", "%Señor%"},
           {"a*c", "match(input, {p0:String})", "(?i)a[^\\s\"\\\\]*c"},
           {"*bc*", "input ILIKE {p0:String}", "%bc%"},
           {"\"a_\\\"b\\\"\"", "input ILIKE {p0:String}", "%a\\_\\\\\"b\\\\\"%"},
           {"@trace.errors:>0", "GROUP BY trace_id HAVING", "0"},
           {"@child.@status:error", "parent_id != 0 AND error != 0", ""},
           {"@evaluation.tone.value:bad", "FROM evaluations WHERE label = ", "tone"},
       }) {
    const Statement statement = planned(text);
    EXPECT_THAT(statement.sql, HasSubstr(std::string(sql))) << text;
    EXPECT_TRUE(value.empty() || binds(statement, value)) << text << statement.sql;
  }
}

TEST(SearchPlan, NeverWritesWhatWasTyped) {
  const std::string hostile = "x');DROP{p0:String}--";
  for (const std::string prefix :
       {"", "team:", "@service:", "@meta.input:", "@meta.metadata.k:", "@evaluation.l.value:",
        "@evaluation.l.reasoning:", "@child.@name:", "@child.@meta.output:"}) {
    for (const std::string_view form : {"\"{}\"", "*"}) {
      const std::string value = form == "*" ? "DROP*x" : "\"" + hostile + "\"";
      const Statement statement = planned(prefix + value);
      EXPECT_THAT(statement.sql, Not(HasSubstr("DROP"))) << prefix;
    }
  }
  for (const std::string text : {"DROP:1", "@metrics.DROP:1", "@meta.metadata.DROP.DROP:1",
                                 "@evaluation.DROP.value:1", "_exists_:DROP"})
    EXPECT_THAT(planned(text).sql, Not(HasSubstr("DROP"))) << text;
}

TEST(SearchPlan, LooksIntoTheTextsForAWordThatIsPartOfTheJsonItself) {
  for (const auto& [word, decoded] :
       {std::pair{"assistant", true}, {"Role", true}, {"pedido", false}, {"content", true}})
    EXPECT_EQ(planned(word).sql.find("JSONExtract") != std::string::npos, decoded) << word;
}

TEST(SearchPlan, JoinsApmSpansByTheirOwnTrace) {
  Scope scope = kScope;
  scope.apm = true;
  EXPECT_THAT(planned("@trace.spans:>1", scope).sql,
              HasSubstr("apm_trace_id IN (SELECT apm_trace_id"));
}

TEST(SearchPlan, BoundsItsSubselects) {
  for (const std::string_view text :
       {"@trace.spans:>1", "@child.@name:x", "@evaluation.l.value:1"}) {
    const Statement statement = planned(text);
    EXPECT_THAT(statement.sql, HasSubstr("LIMIT 200000")) << text;
    EXPECT_THAT(statement.sql, HasSubstr("fromUnixTimestamp64Nano(")) << text;
  }
}

TEST(Completion, SeesWhatIsBeingTyped) {
  struct Case {
    std::string_view text;
    std::size_t cursor;
    Wanted wanted;
    std::string_view key, typed;
    std::size_t begin, end;
  };
  for (const auto& [text, cursor, wanted, key, typed, begin, end] : {
           Case{"", 0, Wanted::key, "", "", 0, 0},
           {"@sta", 4, Wanted::key, "", "@sta", 0, 4},
           {"🔭 @sta b", 6, Wanted::key, "", "@sta", 2, 6},
           {"-@sta", 5, Wanted::key, "", "@sta", 1, 5},
           {"@statXX:ok", 5, Wanted::key, "", "@stat", 0, 7},
           {"@service:we", 11, Wanted::value, "@service", "we", 9, 11},
           {"@service:\"we b", 14, Wanted::value, "@service", "we b", 9, 14},
           {"@env:(a OR b", 12, Wanted::value, "@env", "b", 11, 12},
           {"@env IN [a, b", 13, Wanted::value, "@env", "b", 12, 13},
           {"_exists_:te", 11, Wanted::key, "_exists_", "te", 9, 11},
           {"a b", 999, Wanted::key, "", "b", 2, 3},
       }) {
    const Completion found = completion_at(text, cursor);
    EXPECT_EQ(found.wanted, wanted) << text;
    EXPECT_EQ(found.key, key) << text;
    EXPECT_EQ(found.typed, typed) << text;
    EXPECT_EQ(found.begin, begin) << text;
    EXPECT_EQ(found.end, end) << text;
  }
}

TEST(Completion, OffersNamesAndKnownValues) {
  const auto texts = [](std::string_view text) {
    std::vector<std::string> found;
    for (const Suggestion& each : known_suggestions(completion_at(text, 999)))
      found.push_back(each.text);
    return found;
  };
  EXPECT_EQ(texts("@status:"), (std::vector<std::string>{"ok", "error"}));
  EXPECT_EQ(texts("@status:e"), (std::vector<std::string>{"error"}));
  EXPECT_EQ(texts("@dur").front(), "@duration");
  EXPECT_THAT(texts("model"), ::testing::Contains("@meta.model_name"));
  EXPECT_THAT(texts("@child.stat"), ::testing::Contains("@child.@status"));
  EXPECT_TRUE(texts("@qwertz").empty());
}

TEST(Completion, AsksTheDataForTheRest) {
  EXPECT_TRUE(plan_suggest(completion_at("te", 99), kScope));
  EXPECT_TRUE(plan_suggest(completion_at("@service:", 99), kScope));
  EXPECT_TRUE(plan_suggest(completion_at("@evaluation.", 99), kScope));
  EXPECT_FALSE(plan_suggest(completion_at("@sta", 99), kScope));
  EXPECT_FALSE(plan_suggest(completion_at("@duration:", 99), kScope));
  const auto statement = plan_suggest(completion_at("team:'DROP", 99), kScope);
  ASSERT_TRUE(statement);
  EXPECT_THAT(statement->sql, Not(HasSubstr("DROP")));
}

}  // namespace
}  // namespace catalejo::query::search
