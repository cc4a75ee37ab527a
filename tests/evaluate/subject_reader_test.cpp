#include "evaluate/subject_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/registry.hpp"

namespace catalejo::evaluate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

query::SpanRow span_of(std::string_view kind, std::string_view input, std::string_view output) {
  query::SpanRow row;
  row.half = 1;
  row.kind = kind;
  row.input = input;
  row.output = output;
  return row;
}

// "input 0 user hello", one a text.
std::vector<std::string> told(const Subject& subject) {
  std::vector<std::string> lines;
  for (const Text& text : subject.texts) {
    std::string line = text.side == Side::input ? "input " : "output ";
    line += std::to_string(text.message) + " ";
    line += voice_name(text.voice);
    if (!text.name.empty()) line += "(" + std::string(text.name) + ")";
    lines.push_back(line + " " + std::string(text.text));
  }
  return lines;
}

TEST(SubjectReader, ReadsWhoSpeaksInMessages) {
  SubjectReader reader;
  const auto row = span_of(
      "llm",
      R"({"messages":[{"role":"system","content":"be kind"},{"role":"user","content":)"
      R"([{"type":"text","text":"a \"b\""},{"type":"image_url"},"c"]},{"role":"tool","name":"find",)"
      R"("content":"found"},{"role":"developer","content":"more"}]})",
      R"({"messages":[{"role":"assistant","content":"","tool_calls":[{"name":"find","arguments":)"
      R"({"q":1}},{"function":{"name":"go","arguments":"{\"x\":2}"}}],"tool_results":)"
      R"([{"name":"find","result":"r"}]}]})");
  EXPECT_THAT(told(reader.read(row)),
              ElementsAre("input 0 system be kind", "input 1 user a \"b\"", "input 1 user c",
                          "input 2 tool_result(find) found", "input 3 system more",
                          "output 0 tool_call(find) {\"q\":1}", "output 0 tool_call(go) {\"x\":2}",
                          "output 0 tool_result(find) r"));
}

TEST(SubjectReader, ReadsDocumentsValuesAndWhatElseThereIs) {
  SubjectReader reader;
  EXPECT_THAT(
      told(reader.read(span_of("retrieval", R"({"value":"where"})",
                               R"({"documents":[{"text":"one","name":"a.md"},)"
                               R"({"text":"two","id":"7"},{"score":1}]})"))),
      ElementsAre("input 0 user where", "output 0 document(a.md) one", "output 1 document(7) two"));
  EXPECT_THAT(told(reader.read(span_of("tool", R"({"value":"{\"q\":1}"})", R"({"value":"42"})"))),
              ElementsAre("input 0 tool_call {\"q\":1}", "output 0 tool_result 42"));
  EXPECT_THAT(told(reader.read(span_of("workflow", R"({"a":1})", "no json"))),
              ElementsAre("input 0 user {\"a\":1}", "output 0 assistant no json"));
  EXPECT_THAT(told(reader.read(span_of("llm", "", R"({"messages":[{"role":"assistant"}]})"))),
              IsEmpty());
}

TEST(SubjectReader, ReadsWhatIsKnownBesides) {
  SubjectReader reader;
  auto row = span_of("llm", "", "");
  row.metadata = R"({"finish_reason":"stop","response_format":{"type":"json_object"}})";
  row.extra = R"({"tool_definitions":[{"name":"find"}]})";
  row.tags = {{"team", "red"}};
  row.metrics = {{"input_tokens", 3}};
  const Subject& subject = reader.read(row);
  EXPECT_EQ(subject.finish_reason, "stop");
  EXPECT_EQ(subject.response_format_json, R"({"type":"json_object"})");
  EXPECT_EQ(subject.tool_definitions_json, R"([{"name":"find"}])");
  ASSERT_EQ(subject.tags.size(), 1u);
  EXPECT_EQ(subject.tags[0].value, "red");
  ASSERT_EQ(subject.metrics.size(), 1u);
  EXPECT_EQ(subject.metrics[0].value, 3);
  // Nothing of a span stays for the next.
  EXPECT_TRUE(reader.read(span_of("llm", "", "")).finish_reason.empty());
}

std::vector<Verdict> judged(std::string_view id, const query::SpanRow& row) {
  SubjectReader reader;
  std::vector<Verdict> verdicts;
  find_evaluator(id)->judge(reader.read(row), verdicts);
  return verdicts;
}

TEST(Truncation, IsWhatTheModelSaysOfItsEnd) {
  auto row = span_of("llm", "", "");
  EXPECT_THAT(judged("truncation", row), IsEmpty());
  const std::pair<std::string_view, Assessment> kCases[] = {
      {R"({"finish_reason":"stop"})", Assessment::pass},
      {R"({"finish_reason":"length"})", Assessment::fail},
      {R"({"finish_reason":"stop,length"})", Assessment::fail},
      {R"({"finish_reason":"max_output_tokens"})", Assessment::fail},
      {R"({"finish_reason":"lengthy"})", Assessment::pass}};
  for (const auto& [metadata, expected] : kCases) {
    row.metadata = metadata;
    const auto verdicts = judged("truncation", row);
    ASSERT_EQ(verdicts.size(), 1u) << metadata;
    EXPECT_EQ(verdicts[0].assessment, expected) << metadata;
  }
}

TEST(ContentFilter, SaysWhatAzureFound) {
  auto row = span_of("llm", "", "");
  row.metadata = R"({"azure":{"content_filter":{"prompt":{"hate":{"filtered":false,)"
                 R"("severity":"safe"},"jailbreak":{"detected":true,"filtered":false}},)"
                 R"("completion":{"violence":{"filtered":false,"severity":"medium"}}}}})";
  auto verdicts = judged("azure_content_filter", row);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].assessment, Assessment::fail);
  EXPECT_EQ(verdicts[0].text, "prompt:jailbreak,completion:violence");
  ASSERT_EQ(verdicts[0].findings.size(), 2u);
  EXPECT_EQ(verdicts[0].findings[1].rule, "violence");

  row.metadata = R"({"azure":{"content_filter":{"prompt":{"hate":{"filtered":false,)"
                 R"("severity":"low"}}}}})";
  verdicts = judged("azure_content_filter", row);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].assessment, Assessment::pass);

  row.metadata = R"({"azure":{"status":200}})";
  EXPECT_THAT(judged("azure_content_filter", row), IsEmpty());
}

TEST(ContentFilter, KnowsARefusalByItsError) {
  auto row = span_of("llm", "", "");
  row.error = true;
  row.error_message =
      "Error code: 400 - {'error': {'code': 'content_filter', 'innererror': {'code': "
      "'ResponsibleAIPolicyViolation', 'content_filter_result': {'hate': {'filtered': False, "
      "'severity': 'safe'}, 'jailbreak': {'detected': True, 'filtered': True}}}}}";
  const auto verdicts = judged("azure_content_filter", row);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].assessment, Assessment::fail);
  EXPECT_EQ(verdicts[0].text, "prompt:jailbreak");
  row.error_message = "Error code: 429";
  EXPECT_THAT(judged("azure_content_filter", row), IsEmpty());
}

}  // namespace
}  // namespace catalejo::evaluate
