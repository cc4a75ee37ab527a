#include "../query/row_writer.hpp"
#include "api_fixture.hpp"

namespace catalejo::test {
namespace {

using ::testing::HasSubstr;

const std::string kPath = "/api/v2/llm-obs/v1/spans/events";

std::string evaluation_bytes(const std::string& label, std::uint64_t span) {
  RowWriter row;
  row.trace_id({3, 3}).trace_id({1, 1}).number(span);
  for (const std::string& text :
       {std::string(), std::string(), std::string(), std::string("evaluation"), std::string("span"),
        label, std::string("shop-bot")})
    row.text(text);
  row.number(std::uint8_t{2}).number(0.5);
  for (const char* text : {"", "pass", "polite", "", "", "", ""}) row.text(text);
  row.number(std::int64_t{1}).length(0).text("test");
  return row.bytes();
}

TEST_F(ApiTest, AnswersSpansInDatadogsShape) {
  store_.answers = {span_bytes({}) + span_bytes({.span = 11, .parent = 10}),
                    evaluation_bytes("toxicity", 10) + evaluation_bytes("about_the_trace", 0)};
  const net::Response response = get(kPath + "?page%5Blimit%5D=1&filter%5Bml_app%5D=shop-bot");
  ASSERT_EQ(response.status, 200) << response.body;
  const auto root = json(response);
  const auto span = root["data"].at(0);
  EXPECT_EQ(text(span["type"]), "span");
  const auto attributes = span["attributes"];
  EXPECT_EQ(text(attributes["duration"]), "5000000.0");
  EXPECT_EQ(text(attributes["start_ns"]), "1795472913308242728");
  EXPECT_EQ(text(attributes["parent_id"]), "undefined");
  EXPECT_EQ(text(attributes["metrics"]["input_tokens"]), "10.0");
  EXPECT_EQ(text(attributes["intent"]), "ask");
  EXPECT_EQ(text(attributes["tool_definitions"].at(0)["name"]), "find");
  EXPECT_EQ(text(attributes["tags"].at(0)), "team:core");
  EXPECT_EQ(text(attributes["evaluation"]["toxicity"]["value"]), "0.5");
  EXPECT_EQ(text(attributes["evaluation"]["about_the_trace"]["assessment"]), "pass");
  EXPECT_EQ(text(root["meta"]["status"]), "done");
  const std::string after = text(root["meta"]["page"]["after"]);
  EXPECT_THAT(text(root["links"]["next"]),
              HasSubstr("filter%5Bml_app%5D=shop-bot&page%5Bcursor%5D=" + after));
}

TEST_F(ApiTest, BringsOddTextsIntoTheShapeTheTypedClientReads) {
  store_.answers = {span_bytes(
      {.input = R"({"documents":[{"text":"d"}]})",
       .output = R"({"messages":[{"content":null,"role":"assistant","extra":1,"tool_calls":)"
                 R"([{"name":"f","arguments":"{\"a\":1}"},{"name":"g","arguments":"x"}]}]})"})};
  const auto root = json(get(kPath));
  const auto attributes = root["data"].at(0)["attributes"];
  EXPECT_EQ(text(attributes["input"]["value"]), R"({"documents":[{"text":"d"}]})");
  const auto calls = attributes["output"]["messages"].at(0)["tool_calls"];
  EXPECT_EQ(text(calls.at(0)["arguments"]), R"({"a":1})");
  EXPECT_EQ(text(calls.at(1)["arguments"]), R"({"value":"x"})");
}

TEST_F(ApiTest, SearchesByBody) {
  const auto post = [&](std::string body) {
    return ask("POST", kPath + "/search", {{"Content-Type", "application/vnd.api+json"}},
               std::move(body));
  };
  EXPECT_EQ(post(R"({"data":{"type":"spans","attributes":{"filter":{"from":"now-1d","to":"now",)"
                 R"("span_kind":"llm","tags":{"team":"core"}},"page":{"limit":5},)"
                 R"("sort":"timestamp","options":{"include_attachments":true}}}})")
                .status,
            200);
  EXPECT_THAT(store_.asked.back(), HasSubstr("ORDER BY start ASC"));
  EXPECT_THAT(store_.asked.back(), HasSubstr("LIMIT 6"));
  EXPECT_THAT(store_.asked.back(), HasSubstr("AND kind IN"));
  for (const char* bad :
       {"", "{", "[]", "{}", R"({"data":{"type":"logs","attributes":{}}})",
        R"({"data":{"type":"spans"}})", R"({"data":{"type":"spans","attributes":{"filter":[]}}})",
        R"({"data":{"type":"spans","attributes":{"filter":{"nope":"x"}}}})",
        R"({"data":{"type":"spans","attributes":{"page":{"limit":0}}}})"})
    EXPECT_EQ(post(bad).status, 400) << bad;
  EXPECT_EQ(ask("POST", kPath + "/search", {{"Content-Type", "text/plain"}}, "{}").status, 415);
}

TEST_F(ApiTest, LetsTheQueryStandInsteadOfTheOtherFilters) {
  EXPECT_EQ(get(kPath + "?filter%5Bml_app%5D=a&filter%5Bquery%5D=%40status%3Aerror").status, 200);
  EXPECT_THAT(store_.asked.back(), ::testing::Not(HasSubstr("ml_app IN")));
}

TEST_F(ApiTest, SpeaksJsonApiToThoseWhoAskForIt) {
  EXPECT_EQ(header_of(get(kPath, {{"Accept", "application/vnd.api+json"}}), "Content-Type"),
            "application/vnd.api+json");
}

}  // namespace
}  // namespace catalejo::test
