#include "monitor/span_query.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "monitor/definition.hpp"
#include "monitor/readings.hpp"

namespace catalejo::monitor {
namespace {

using query::Figure;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kLlm = "llm-observability alert", kApm = "trace-analytics alert";

TEST(SpanQuery, ReadsWhatDatadogWrites) {
  auto query = parse_span_query(kLlm, R"(llm-observability("*").rollup("count").last("2h") > 0)");
  ASSERT_TRUE(query) << to_string(query.error());
  EXPECT_EQ(query->spans->figure, Figure::count);
  EXPECT_EQ(query->spans->view, query::View::spans);
  EXPECT_EQ(query->window_s, 7'200);
  EXPECT_TRUE(query->counts());
  EXPECT_FALSE(query->grouped());
  EXPECT_EQ(query->band(), "");

  query =
      parse_span_query(kApm, R"(trace-analytics("env:prod @http.url:\"a b\" operation_name:x"))"
                             R"(.index("trace-search", "djm-search"))"
                             R"(.rollup("pc95", "@duration").by("env,service").last("5m") >= 6e9)");
  ASSERT_FALSE(query) << "there is no @http.url";
  EXPECT_THAT(query.error().message, HasSubstr("@http.url"));
  query = parse_span_query(
      kApm,
      R"( trace-analytics("env:\"pro d\" operation_name:x").index("trace-search", "djm-search"))"
      R"( .rollup("pc95", "@duration").by("env,service").last("5m") >= 6e9 )");
  ASSERT_TRUE(query) << to_string(query.error());
  EXPECT_EQ(query->spans->view, query::View::apm);
  EXPECT_EQ(query->spans->quantile, .95);
  EXPECT_THAT(query->by(), ElementsAre("env", "service"));
  EXPECT_EQ(query->compare, Compare::at_least);
  EXPECT_FALSE(query->counts());
  ASSERT_EQ(query->spans->search.root.children.size(), 2u);
  EXPECT_EQ(query->spans->search.root.children[1].term.target.column, "name");
}

TEST(SpanQuery, TakesWhatSpansHaveToTheRollupsThatFit) {
  const auto taken = [](std::string_view rollup) {
    const auto query = parse_span_query(
        kLlm, fmt::format(R"(llm-observability("*").rollup({}).last("5m") > 0)", rollup));
    return query ? std::string() : query.error().message;
  };
  for (const std::string_view measure :
       {"@duration", "@metrics.total_tokens", "@metrics.anything", "@cost", "@status",
        "@metrics.estimated_total_cost", "tag", "@meta.metadata.temperature",
        "@evaluation.toxicity.value"})
    EXPECT_EQ(taken(fmt::format(R"("avg","{}")", measure)), "") << measure;
  for (const std::string_view measure : {"@ml_app", "@evaluation.x.assessment", "@trace.cost",
                                         "@child.@duration", "@nothing", "@meta.input", ""})
    EXPECT_THAT(taken(fmt::format(R"("p95","{}")", measure)), HasSubstr("cannot be had"))
        << measure;
  for (const std::string_view measure : {"@session_id", "tag", "@trace_id", "@status"})
    EXPECT_EQ(taken(fmt::format(R"("cardinality","{}")", measure)), "") << measure;
  EXPECT_THAT(taken(R"("cardinality","@duration")"), HasSubstr("cannot be had"));
  EXPECT_THAT(taken(R"("sum")"), HasSubstr("belongs behind it"));
  EXPECT_THAT(taken(R"("p42","@duration")"), HasSubstr("rollup() has"));
  EXPECT_THAT(taken(""), HasSubstr("rollup() has"));
}

TEST(SpanQuery, SaysWhereItIsWrong) {
  const auto error = [](std::string_view text) {
    const auto query = parse_span_query(kLlm, text);
    return query ? std::string("it was taken") : query.error().message;
  };
  EXPECT_THAT(error(""), HasSubstr("comparison"));
  EXPECT_THAT(error("llm-observability > 1"), HasSubstr("'(' belongs here"));
  EXPECT_THAT(error("llm-observability(x).last(\"5m\") > 1"), HasSubstr("in quotes"));
  EXPECT_THAT(error("llm-observability(\"x > 1"), HasSubstr("not closed"));
  EXPECT_THAT(error("llm-observability(\"x\",) > 1"), HasSubstr("in quotes"));
  EXPECT_THAT(error("llm-observability() > 1"), HasSubstr("one search"));
  EXPECT_THAT(error("llm-observability(\"*\") > 1"), HasSubstr(".last("));
  EXPECT_THAT(error("llm-observability(\"*\").last(\"9d\") > 1"), HasSubstr("from \"1m\""));
  EXPECT_THAT(error("llm-observability(\"*\").last(\"5m\")x > 1"), HasSubstr("'.' belongs"));
  EXPECT_THAT(error("llm-observability(\"*\").fold(\"5m\") > 1"), HasSubstr("rollup(), by()"));
  EXPECT_THAT(error("llm-observability(\"*\").by(\"@duration\").last(\"5m\") > 1"),
              HasSubstr("not told apart"));
  EXPECT_THAT(error("llm-observability(\"*\").by(\"a,b,c\",\"d,e\").last(\"5m\") > 1"),
              HasSubstr("at most 4"));
  EXPECT_THAT(error("trace-analytics(\"*\").last(\"5m\") > 1"),
              HasSubstr("begins with llm-observability"));
  EXPECT_THAT(error("llm-observability(\"@duration:>\").last(\"5m\") > 1"),
              HasSubstr("expected a number"));
  EXPECT_THAT(error("formula(\"a / b\").last(\"5m\") > 1"),
              HasSubstr("begins with llm-observability"));
}

TEST(SpanQuery, OfNothingIsZeroWhenItCounts) {
  const auto definition = read_definition(
      R"x({"name":"n","type":"llm-observability alert","query":
          "llm-observability(\"status:error\").rollup(\"count\").by(\"ml_app\").last(\"5m\") > 3",
          "options":{"thresholds":{"critical":3,"warning":1}}})x",
      false);
  ASSERT_TRUE(definition) << to_string(definition.error());
  EXPECT_TRUE(definition->unsupported.empty());
  EXPECT_THAT(definition->by(), ElementsAre("ml_app"));
  const auto readings = read_figures(*definition->query,
                                     {{.groups = {"shop"}, .value = 4, .spans = 4, .first_s = 60}});
  ASSERT_EQ(readings.size(), 1u);
  EXPECT_EQ(name_of_group(readings.front().tags), "ml_app:shop");
  EXPECT_EQ(readings.front().value, 4);
}

}  // namespace
}  // namespace catalejo::monitor
