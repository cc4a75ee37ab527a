#include <gtest/gtest.h>

#include "intake/dd_agentless/input.hpp"
#include "intake/dd_apm/stats.hpp"
#include "intake/dd_apm/traces.hpp"
#include "support/capture.hpp"
#include "support/pack.hpp"
#include "support/protocol_case.hpp"

namespace catalejo::intake::dd_apm {
namespace {

using model::Batch;

// One chunk with these spans, each given as the fields of a JSON object beside good ids.
Batch spans(const std::string& fields) {
  Result<Batch> batch = parse_v04(pack("[[{\"trace_id\":7,\"span_id\":8," + fields + "}]]"));
  EXPECT_TRUE(batch) << fields;
  return batch ? std::move(*batch) : Batch{};
}

std::string error_of(const Result<Batch>& result) {
  return result ? "" : std::string(code_name(result.error().code));
}

TEST(V04, TakesEveryFieldOfAnApmSpan) {
  const Batch batch = spans(
      R"("service":"s","name":"n","resource":"r","type":"web","parent_id":9,"start":10,
         "duration":11,"error":1,"meta":{"a":"b","error.type":"T","error.message":"M",
         "error.stack":"S"},"metrics":{"m":1.5,"i":2})");
  ASSERT_EQ(batch.spans.size(), 1u);
  for (auto [name, expected] : {std::pair{"halves", "apm"},
                                {"kind", ""},
                                {"service", "s"},
                                {"name", "n"},
                                {"resource", "r"},
                                {"type", "web"},
                                {"status", "error"},
                                {"error.type", "T"},
                                {"error.message", "M"},
                                {"error.stack", "S"},
                                {"parent", "9"},
                                {"apm_parent", "9"},
                                {"start", "10"},
                                {"duration", "11"},
                                {"tags", "1"},
                                {"tags.a", "b"},
                                {"metrics.m", "1.5"},
                                {"metrics.i", "2"},
                                {"trace", "00000000000000000000000000000007"},
                                {"span", "8"}})
    EXPECT_EQ(field_of(batch.spans[0], name), expected) << name;
}

TEST(V04, GivesTheHighHalfOfTheTraceIdToTheWholeChunkWhicheverSpanHasIt) {
  for (const char* body : {R"([[{"trace_id":7,"span_id":1,"meta":{"_dd.p.tid":"00000000000000ff"}},
             {"trace_id":7,"span_id":2}]])",
                           R"([[{"trace_id":7,"span_id":1},
             {"trace_id":7,"span_id":2,"meta":{"_dd.p.tid":"00000000000000ff"}}]])"}) {
    Result<Batch> batch = parse_v04(pack(body));
    ASSERT_TRUE(batch);
    for (const model::Span& span : batch->spans) {
      EXPECT_EQ(to_hex(span.apm_trace_id), "00000000000000ff0000000000000007");
      EXPECT_EQ(span.trace_id, span.apm_trace_id);
      EXPECT_EQ(field_of(span, "tags._dd.p.tid"), "(none)");
    }
  }
}

TEST(V04, DoesNotCarryTheHighHalfIntoAnotherChunkOrTrace) {
  Result<Batch> batch = parse_v04(pack(
      R"([[{"trace_id":7,"span_id":1,"meta":{"_dd.p.tid":"00000000000000ff"}},
           {"trace_id":6,"span_id":3}],[{"trace_id":7,"span_id":2}]])"));
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->spans.size(), 3u);
  EXPECT_EQ(batch->spans[1].apm_trace_id.high, 0u);
  EXPECT_EQ(batch->spans[2].apm_trace_id.high, 0u);
}

TEST(V04, JoinsBothHalvesOfASpanWithLlmobs) {
  const Batch batch = spans(
      R"("name":"openai.request","parent_id":5,"meta":{"env":"apm","only":"apm"},
         "metrics":{"m":1},"meta_struct":{"_llmobs":{"$bin":{"name":"chat",
         "trace_id":"c0ffee0000000000c0ffee0000000000",
         "parent_id":"6","tags":{"env":"llm"},"metrics":{"m":2,"input_tokens":3},
         "meta":{"span":{"kind":"llm"},"input":{"messages":[{"content":"hola ñ\u0000"}]}}}}},
         "span_links":[{"span_id":1}])");
  ASSERT_EQ(batch.spans.size(), 1u);
  for (auto [name, expected] : {std::pair{"halves", "both"},
                                {"name", "chat"},
                                {"apm_name", "openai.request"},
                                {"parent", "6"},
                                {"apm_parent", "5"},
                                {"tags", "2"},
                                {"tags.env", "llm"},
                                {"tags.only", "apm"},
                                {"metrics.m", "2"},
                                {"tokens.in", "3"},
                                {"trace", "c0ffee0000000000c0ffee0000000000"},
                                {"apm_trace", "00000000000000000000000000000007"},
                                {"input", R"({"messages":[{"content":"hola ñ\u0000"}]})"},
                                {"extra", R"({"span_links":[{"span_id":1}]})"},
                                {"flags", ""}})
    EXPECT_EQ(field_of(batch.spans[0], name), expected) << name;
}

TEST(V04, DropsBothHalvesOfASpanThatTheClientSampledOut) {
  const Batch batch = spans(
      R"("meta_struct":{"_llmobs":{"$bin":{"trace_id":"1","_dd":{"sampling_decision":"0"}}}})");
  EXPECT_EQ(batch.spans_received, 1u);
  EXPECT_EQ(batch.spans_sampled_out, 1u);
  EXPECT_TRUE(batch.spans.empty());
}

TEST(V04, KeepsTheApmHalfWhenLlmobsCannotBeRead) {
  for (const char* llmobs : {R"({"$raw":"c4028501"})", R"({"$bin":[1]})", R"({"$raw":"c400"})"}) {
    const Batch batch =
        spans("\"name\":\"n\",\"meta_struct\":{\"_llmobs\":" + std::string(llmobs) + "}");
    ASSERT_EQ(batch.spans.size(), 1u) << llmobs;
    EXPECT_EQ(field_of(batch.spans[0], "halves"), "apm");
    EXPECT_EQ(field_of(batch.spans[0], "flags"), "text_cut");
    EXPECT_NE(field_of(batch.spans[0], "extra").find("_llmobs_unreadable"), std::string::npos);
  }
}

TEST(V04, RefusesSingleSpansWithTheirReasonAndKeepsTheRest) {
  struct Case {
    const char* span;
    const char* reason;
  };
  for (const Case& c : {
           Case{R"({"trace_id":7})", "missing_span_id"},
           {R"({"trace_id":7,"span_id":0})", "missing_span_id"},
           {R"({"span_id":8})", "missing_trace_id"},
           {R"({"trace_id":7,"span_id":"8"})", "wrong_type"},
           {R"({"trace_id":7,"span_id":8,"name":5})", "wrong_type"},
           {R"({"trace_id":7,"span_id":8,"meta":[1]})", "wrong_type"},
           {R"({"trace_id":7,"span_id":8,"meta":{"a":1}})", "wrong_type"},
           {R"({"trace_id":7,"span_id":8,"metrics":{"a":"1"}})", "wrong_type"},
           {R"({"trace_id":7,"span_id":8,"start":1e300})", "wrong_type"},
           {R"({"trace_id":7,"span_id":8,"start":18446744073709551615})", "wrong_type"},
           {R"(5)", "wrong_type"},
           {R"({"trace_id":7,"span_id":8,"metrics":{"_dd.partial_version":1}})",
            "partial_snapshot"},
       }) {
    Result<Batch> batch =
        parse_v04(pack("[[" + std::string(c.span) + R"(,{"trace_id":7,"span_id":9}]])"));
    ASSERT_TRUE(batch) << c.span;
    EXPECT_EQ(batch->spans_received, 2u);
    ASSERT_EQ(batch->spans.size(), 1u) << c.span;
    EXPECT_EQ(batch->spans[0].span_id.value, 9u);
    EXPECT_EQ(batch->spans_rejected[c.reason], 1u) << c.span;
  }
}

TEST(V04, IsAsLenientAsTheRealAgent) {
  const Batch batch = spans(
      R"("service":null,"meta":null,"metrics":{"a":null},"start":1.0,"error":true,
         "parent_id":-1,"newer_field":{"x":[1]})");
  ASSERT_EQ(batch.spans.size(), 1u);
  EXPECT_EQ(field_of(batch.spans[0], "start"), "1");
  EXPECT_EQ(field_of(batch.spans[0], "status"), "error");
  EXPECT_EQ(field_of(batch.spans[0], "parent"), "18446744073709551615");
  EXPECT_EQ(field_of(batch.spans[0], "extra"), R"({"newer_field":{"x":[1]}})");
}

TEST(V04, FlagsWhatItHadToReplace) {
  const Batch utf8 = spans(R"("name":{"$raw":"a361ff62"})");
  ASSERT_EQ(utf8.spans.size(), 1u);
  EXPECT_EQ(utf8.spans[0].name,
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(field_of(utf8.spans[0], "flags"), "invalid_utf8");
  const Batch nan = spans(R"("metrics":{"bad":{"$raw":"cb7ff8000000000000"},"good":1})");
  ASSERT_EQ(nan.spans.size(), 1u);
  EXPECT_EQ(field_of(nan.spans[0], "metrics"), "1");
  EXPECT_EQ(field_of(nan.spans[0], "flags"), "number_text");
}

TEST(V04, LetsTheLastOfARepeatedFieldWin) {
  Result<Batch> batch = parse_v04(pack(R"([[{"trace_id":1,"span_id":2,"span_id":3}]])"));
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->spans.size(), 1u);
  EXPECT_EQ(batch->spans[0].span_id.value, 3u);
}

TEST(V04, RefusesBodiesThatAreNoTraces) {
  for (const std::string& body :
       {std::string(), pack("{}"), pack("\"x\""), std::string("\xc1"), pack("[]") + "x",
        std::string("\xdd\xff\xff\xff\xff", 5), std::string("\x91\xdd\xff\xff\xff\xff", 6),
        std::string("{}"), std::string("[{}]"), std::string("not json")}) {
    const std::string error = error_of(parse_v04(body));
    EXPECT_TRUE(error == "malformed" || error == "wrong_type") << body << error;
  }
}

TEST(V04, RefusesEveryTruncationWhole) {
  for (const char* capture : {"agent-v04-span-events", "agent-uds-traces"}) {
    const std::string body = load_body(capture);
    ASSERT_TRUE(parse_v04(body));
    for (std::size_t size = 0; size < body.size(); ++size)
      ASSERT_EQ(error_of(parse_v04(body.substr(0, size))), "malformed") << capture << " " << size;
  }
}

TEST(V04, SurvivesEveryByteBeingAnother) {
  const std::string body = load_body("agent-uds-traces");
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (char other : {'\x00', '\xff', '\xc1', '\xdd', '\xdf', '\x80'}) {
      std::string changed = body;
      changed[at] = other;
      const Result<Batch> batch = parse_v04(changed);
      if (batch) {
        std::uint64_t ended = batch->spans.size() + batch->spans_sampled_out;
        for (const auto& [reason, count] : batch->spans_rejected) ended += count;
        ASSERT_EQ(batch->spans_received, ended);
      }
    }
  }
}

TEST(V04, ReadsJsonAsWell) {
  Result<Batch> batch = parse_v04(
      R"([[{"trace_id":7,"span_id":8,"name":"n","error":1,"meta":{"_dd.p.tid":"0f"},
           "metrics":{"m":1},"start":5}]])");
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->spans.size(), 1u);
  EXPECT_EQ(field_of(batch->spans[0], "apm_trace"), "000000000000000f0000000000000007");
  EXPECT_EQ(field_of(batch->spans[0], "status"), "error");
  EXPECT_EQ(batch->spans[0].source, "dd_apm/v0.4+json");
}

TEST(V05, LooksTextsUpInTheTable) {
  Result<Batch> batch = parse_v05(
      pack(R"([["","s","n","r","k","v","web"],[[[1,2,3,7,8,0,10,11,0,{"4":5},{"4":1.5},6]]]])"));
  EXPECT_FALSE(batch && batch->spans.size() == 1);  // the keys must be integers, not text
  std::string body = pack(
      R"([["","s","n","r","k","v","web"],[[[1,2,3,7,8,0,10,11,1,
          {"$raw":"810405"},{"$raw":"8104cb3ff8000000000000"},6]]]])");
  batch = parse_v05(body);
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->spans.size(), 1u);
  for (auto [name, expected] : {std::pair{"service", "s"},
                                {"name", "n"},
                                {"resource", "r"},
                                {"type", "web"},
                                {"tags.k", "v"},
                                {"metrics.k", "1.5"},
                                {"status", "error"},
                                {"span", "8"}})
    EXPECT_EQ(field_of(batch->spans[0], name), expected) << name;
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_EQ(error_of(parse_v05(body.substr(0, size))), "malformed") << size;
}

TEST(V05, RefusesATableWithoutEnd) {
  const std::string body =
      std::string("\x92\xdd\x00\x0f\x42\x41", 6) + std::string(1'000'001, '\xa0') + '\x90';
  EXPECT_EQ(error_of(parse_v05(body)), "body_too_large");
}

TEST(V05, RefusesSpansThatPointOutsideTheTable) {
  Result<Batch> batch = parse_v05(pack(
      R"([[""],[[[0,0,9,7,8,0,10,11,1,{},{},0],[0,0,-1,7,8,0,10,11,1,{},{},0],[1,2],
          [0,0,0,7,8,0,10,11,1,{},{},0]]]])"));
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->spans.size(), 1u);
  EXPECT_EQ(batch->spans_rejected["wrong_type"], 3u);
}

TEST(Input, TakesTheEnvironmentOfThePayloadWhereTheSpanHasNone) {
  Result<Batch> batch = dd_agentless::parse_input(
      R"({"traces":[{"env":"dev","spans":[{"trace_id":"0f","span_id":"0a"},
          {"trace_id":"0f","span_id":"0b","meta":{"env":"own"}}]}]})");
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->spans.size(), 2u);
  EXPECT_EQ(batch->spans[0].env, "dev");
  EXPECT_EQ(batch->spans[0].span_id.value, 10u);
  EXPECT_EQ(batch->spans[1].env, "");
  EXPECT_EQ(field_of(batch->spans[1], "tags.env"), "own");
}

TEST(Input, RefusesOtherShapesAndTruncation) {
  for (const char* body : {"{}", "[]", "{\"traces\":{}}", "{\"traces\":[{}]}", "{\"traces\":[5]}"})
    EXPECT_EQ(error_of(dd_agentless::parse_input(body)), "missing_field") << body;
  const std::string body = inflated_body("azfn-agentless-v1-input");
  ASSERT_TRUE(dd_agentless::parse_input(body));
  for (std::size_t size = 0; size < body.size(); size += 7)
    EXPECT_EQ(error_of(dd_agentless::parse_input(body.substr(0, size))), "malformed") << size;
}

TEST(Stats, AreReadAndRefusedWhenCut) {
  struct Case {
    const char* capture;
    bool wrapped;
  };
  for (const Case& c : {Case{"agent-v06-stats", false},
                        {"v2-v06-stats", false},
                        {"azfn-agent-stats", false},
                        {"agentless-stats", true}}) {
    const std::string body = inflated_body(c.capture);
    const Result<model::TraceStats> stats = parse_stats(body, c.wrapped);
    ASSERT_TRUE(stats) << c.capture;
    EXPECT_GE(stats->buckets, 1u) << c.capture;
    EXPECT_GE(stats->groups.size(), 2u) << c.capture;
    EXPECT_EQ(stats->sketches_unread, 0u) << c.capture;
    for (const model::TraceStatsGroup& group : stats->groups) {
      EXPECT_EQ(group.durations_s.count(), static_cast<double>(group.hits)) << group.name;
      EXPECT_EQ(group.env, "dev");
      // Of one value the sum is the value.
      if (group.hits == 1) {
        EXPECT_NEAR(group.durations_s.quantile(0.5), group.duration_s, group.duration_s / 50);
      }
    }
    for (std::size_t size = 0; size < body.size(); size += 3)
      EXPECT_FALSE(parse_stats(std::string_view(body).substr(0, size), c.wrapped));
  }
}

}  // namespace
}  // namespace catalejo::intake::dd_apm
