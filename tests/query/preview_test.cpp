#include "query/preview.hpp"

#include <gtest/gtest.h>

namespace catalejo::query {
namespace {

struct Case {
  std::string json, expected;
};

TEST(InputPreview, IsTheTextThatTellsCallsApart) {
  for (
      const auto& [json, expected] : std::vector<Case>{
          {"", ""},
          {R"({"messages":[{"role":"system","content":"You are"},{"role":"user","content":"first"},)"
           R"({"role":"assistant","content":"a"},{"role":"user","content":"¿Dónde\n  está? 🙂"}]})",
           "¿Dónde está? 🙂"},
          {R"({"messages":[{"role":"system","content":"only system"}]})", "only system"},
          {R"({"messages":[{"role":"user","content":[{"type":"text","text":"look"},)"
           R"({"type":"image_url","image_url":{}}]}]})",
           "look"},
          {R"({"messages":[{"role":"tool","tool_results":[{"result":"42"}]}]})", "42"},
          {R"({"value":"a question"})", "a question"},
          {R"({"value":{"a":1}})", R"({"a":1})"},
          {R"({"documents":[{"text":"first doc"},{"text":"second"}]})", "first doc"},
          {R"({"documents":[{"name":"doc.pdf"}]})", "doc.pdf"},
          {R"({"messages":[]})", ""},
          {R"({"other":1})", R"({"other":1})"},
          {"not json", "not json"}})
    EXPECT_EQ(preview_of_input(json), expected) << json;
}

TEST(OutputPreview, IsTheAnswerOrTheToolItCalls) {
  for (const auto& [json, expected] : std::vector<Case>{
           {R"({"messages":[{"role":"assistant","content":"Hi"}]})", "Hi"},
           {R"({"messages":[{"role":"assistant","content":"","tool_calls":[{"name":"find",)"
            R"("arguments":{"id":24}},{"name":"b"}]}]})",
            R"(find({"id":24}) +1)"},
           {R"({"messages":[{"role":"assistant","content":null,"tool_calls":[{"name":"f"}]}]})",
            "f()"}})
    EXPECT_EQ(preview_of_output(json), expected) << json;
}

TEST(Shorten, NeverCutsACharacterAndCollapsesSpaces) {
  EXPECT_EQ(shorten(" a \t\n b  ", 10), "a b");
  EXPECT_EQ(shorten("ñandú", 2), "ña");
  EXPECT_EQ(shorten("🙂🙂🙂", 2), "🙂🙂");
  EXPECT_EQ(shorten("abc", 0), "");
}

}  // namespace
}  // namespace catalejo::query
