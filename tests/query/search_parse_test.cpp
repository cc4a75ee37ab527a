// Lexer, parser, binder: what a search means, and where it is wrong.
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "query/search/parser.hpp"
#include "query/search/search.hpp"

namespace catalejo::query::search {
namespace {

std::string shown(const Node& node);

std::string shown_value(const Value& value) {
  return value.text.wildcard ? "~" + value.text.literal : value.text.literal;
}

std::string shown_term(const Term& term) {
  const std::string value = term.values.empty() ? "" : shown_value(term.values.front());
  switch (term.op) {
    case Op::equal:
      return term.key + "=" + value;
    case Op::less:
      return term.key + "<" + value;
    case Op::less_equal:
      return term.key + "<=" + value;
    case Op::greater:
      return term.key + ">" + value;
    case Op::greater_equal:
      return term.key + ">=" + value;
    case Op::exists:
      return term.key + "?";
    case Op::range:
      return term.key + (term.low_excluded ? "{" : "[") + value + ".." +
             shown_value(term.values.back()) + (term.high_excluded ? "}" : "]");
    case Op::any_of: {
      std::string list;
      for (const Value& each : term.values) list += (list.empty() ? "" : ",") + shown_value(each);
      return term.key + " in " + list;
    }
  }
  return "";
}

std::string shown(const Node& node) {
  switch (node.kind) {
    case Kind::everything:
      return "*";
    case Kind::none_of:
      return "!" + shown(node.children.front());
    case Kind::word:
      return "'" + shown_value(node.term.values.front()) + "'";
    case Kind::term:
      return shown_term(node.term);
    default:
      break;
  }
  std::string list;
  for (const Node& child : node.children)
    list += (list.empty() ? "" : node.kind == Kind::all_of ? " & " : " | ") + shown(child);
  return "(" + list + ")";
}

std::string parsed(std::string_view text) {
  auto result = parse(text);
  if (const auto* problem = std::get_if<Problem>(&result))
    return std::string(problem->code) + "@" + std::to_string(problem->position);
  return shown(std::get<Node>(result));
}

TEST(SearchParser, ReadsTermsWordsAndOperators) {
  struct Case {
    std::string_view text, tree;
  };
  for (const auto& [text, tree] : {
           Case{"", "*"},
           {"   ", "*"},
           {"*", "*"},
           {"a b", "('a' & 'b')"},
           {"a AND b", "('a' & 'b')"},
           {"a OR b c", "('a' | ('b' & 'c'))"},
           {"a b OR c d", "(('a' & 'b') | ('c' & 'd'))"},
           {"(a OR b) c", "(('a' | 'b') & 'c')"},
           {"NOT a b", "(!'a' & 'b')"},
           {"NOT (a b)", "!('a' & 'b')"},
           {"-a OR -@status:error", "(!'a' | !@status=error)"},
           {"NOT NOT a", "!!'a'"},
           {"a - b", "('a' & '-' & 'b')"},
           {"and or not", "('and' & 'or' & 'not')"},
           {"ANDROID NOTE ORDER", "('ANDROID' & 'NOTE' & 'ORDER')"},
           {"\"a  OR b\" c", "('a  OR b' & 'c')"},
           {"team:core", "team=core"},
           {"team: core", "team=core"},
           {"team:\"a b\"", "team=a b"},
           {"@name:a\\ b\\:c", "@name=a b:c"},
           {"url:http://x:80/y", "url=http://x:80/y"},
           {"@duration:>5s @duration:<=1m", "(@duration>5s & @duration<=1m)"},
           {"@duration:> 5s", "@duration>5s"},
           {"@duration:[1s TO 5s]", "@duration[1s..5s]"},
           {"@duration:{1s TO *}", "@duration{1s..~*}"},
           {"@duration:[1s TO 5s}", "@duration[1s..5s}"},
           {"@service:web*", "@service=~web*"},
           {"@service:\"web*\"", "@service=web*"},
           {"@service:web\\*", "@service=web*"},
           {"@service:*", "@service?"},
           {"_exists_:@session_id", "@session_id?"},
           {"-_exists_:team", "!team?"},
           {"_missing_:team", "!team?"},
           {"@env IN [a, \"b c\",d]", "@env in a,b c,d"},
           {"@env NOT IN [a]", "!@env in a"},
           {"@env:(a OR b)", "(@env=a | @env=b)"},
           {"@env:(a OR -b c)", "(@env=a | (!@env=b & @env=c))"},
           {"@duration:(>1s <2s)", "(@duration>1s & @duration<2s)"},
           {"IN", "'IN'"},
           {"🔭 \"مرحبا بك\"", "('🔭' & 'مرحبا بك')"},
           {"a\xC2\xA0"
            "b",
            "('a' & 'b')"},
       })
    EXPECT_EQ(parsed(text), tree) << text;
}

TEST(SearchParser, PointsAtTheCharacter) {
  struct Case {
    std::string_view text;
    std::string_view code;
    std::size_t position, length;
  };
  for (const auto& [text, code, position, length] : {
           Case{"a \"b c", "unclosed_quote", 2, 4},   {"🔭🔭 (a", "unclosed_bracket", 3, 1},
           {"a)", "unexpected_character", 1, 1},      {"()", "expected_term", 1, 1},
           {"a OR", "expected_term", 4, 0},           {"OR a", "expected_term", 0, 2},
           {"a AND AND b", "expected_term", 6, 3},    {"NOT", "expected_term", 3, 0},
           {"@status:", "expected_value", 8, 0},      {"@status: ", "expected_value", 9, 0},
           {"@status:)", "expected_value", 8, 1},     {"a @status", "expected_value", 2, 7},
           {"[ERROR]", "unexpected_character", 0, 1}, {"f(x)", "unexpected_character", 1, 1},
           {"@d:[1 2]", "expected_value", 6, 1},      {"@d:[1 TO 2", "unclosed_bracket", 3, 1},
           {"@d:>", "expected_value", 4, 0},          {"@e IN [a b]", "expected_value", 9, 1},
           {"@e IN [a", "unclosed_bracket", 6, 1},    {"@e IN []", "expected_value", 7, 1},
           {"\"a\":b", "unexpected_character", 3, 1}, {"\xFF", "not_utf8", 0, 1},
       }) {
    const auto result = parse(text);
    const auto* problem = std::get_if<Problem>(&result);
    ASSERT_NE(problem, nullptr) << text;
    EXPECT_EQ(problem->code, code) << text;
    EXPECT_EQ(problem->position, position) << text;
    EXPECT_EQ(problem->length, length) << text;
    EXPECT_FALSE(problem->message.empty());
  }
}

TEST(SearchParser, HasBounds) {
  const auto code = [](const std::string& text) {
    const auto result = read(text);
    const auto* problem = std::get_if<Problem>(&result);
    return problem ? std::string(problem->code) : "";
  };
  const auto repeated = [](std::string_view part, std::size_t times) {
    std::string text;
    while (times-- > 0) text += part;
    return text;
  };
  EXPECT_EQ(code(std::string(limits::filter_text_bytes_max + 1, 'a')), "too_long");
  EXPECT_EQ(code(repeated("(", 1'000) + "a"), "too_deep");
  EXPECT_EQ(code(repeated("-", 1'000) + "a"), "too_deep");
  EXPECT_EQ(code(repeated("NOT ", 1'000) + "a"), "too_deep");
  EXPECT_EQ(code(repeated("a:b ", limits::search_terms_max)), "");
  EXPECT_EQ(code(repeated("a:b ", limits::search_terms_max + 1)), "too_many_terms");
  EXPECT_EQ(code(repeated("a ", limits::search_words_max + 1)), "too_many_terms");
  EXPECT_EQ(code(repeated("@trace.spans:1 ", limits::search_subselects_max + 1)), "too_many_terms");
}

TEST(SearchBinder, SaysWhatWasProbablyMeant) {
  struct Case {
    std::string_view text, suggestion;
    std::size_t position, length;
  };
  for (const auto& [text, suggestion, position, length] : {
           Case{"@statsu:error", "@status", 0, 7},
           {"x @meta.model_nam:a", "@meta.model_name", 2, 15},
           {"@model:a", "@meta.model_name", 0, 6},
           {"@Service:a", "@service", 0, 8},
           {"@metrics:1", "@metrics.input_tokens", 0, 8},
           {"@trace.total_token:1", "@trace.total_tokens", 0, 18},
           {"@child.@statu:error", "@child.@status", 0, 13},
           {"@status:eror", "error", 8, 4},
           {"@evaluation.tone:bad", "@evaluation.tone.value", 0, 16},
           {"_exists_:@sesion_id", "@session_id", 9, 10},
           {"@qwertyuiop:1", "", 0, 11},
       }) {
    const auto result = read(text);
    const auto* problem = std::get_if<Problem>(&result);
    ASSERT_NE(problem, nullptr) << text;
    EXPECT_EQ(problem->suggestion, suggestion) << text;
    EXPECT_EQ(problem->position, position) << text;
    EXPECT_EQ(problem->length, length) << text;
  }
}

TEST(SearchBinder, RefusesValuesOfAnotherType) {
  for (const std::string_view text :
       {"@duration:fast", "@duration:>5x", "@duration:1*", "@metrics.total_tokens:1.5",
        "@trace.cost:>€5", "@status:>1", "@service:[a TO b]", "@trace_id:zz", "@span_id:x",
        "@error:maybe", "@metrics.m:nan", "@metrics.m:inf", "@duration:1e300", "team:>x"}) {
    const auto result = read(text);
    EXPECT_TRUE(std::holds_alternative<Problem>(result)) << text;
  }
}

TEST(SearchBinder, KnowsUnits) {
  struct Case {
    std::string_view text;
    std::int64_t worth;
  };
  for (const auto& [text, worth] : {Case{"@duration:5s", 5'000'000'000},
                                    {"@duration:250ms", 250'000'000},
                                    {"@duration:1.5m", 90'000'000'000},
                                    {"@duration:7ns", 7},
                                    {"@duration:7", 7},
                                    {"@duration:2µs", 2'000},
                                    {"@metrics.total_tokens:2k", 2'000},
                                    {"@trace.total_tokens:1M", 1'000'000},
                                    {"@trace.cost:$0.05", 50'000'000},
                                    {"@trace.cost:0.05", 50'000'000}}) {
    const auto result = read(text);
    ASSERT_TRUE(std::holds_alternative<Query>(result)) << text;
    EXPECT_EQ(std::get<Query>(result).root.term.values.front().integer, worth) << text;
  }
}

}  // namespace
}  // namespace catalejo::query::search
