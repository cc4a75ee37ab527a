#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "codec/digest.hpp"
#include "intake/dd_llmobs/evaluations.hpp"
#include "intake/dd_llmobs/events.hpp"
#include "support/capture.hpp"
#include "support/pack.hpp"
#include "support/protocol_case.hpp"

namespace catalejo::intake::dd_llmobs {
namespace {

using model::Batch;

std::string event(const std::string& fields) {
  return R"({"span_id":"8","trace_id":"c0ffee0000000000c0ffee0000000000","name":"n",)" + fields +
         "}";
}

Batch events(const std::string& list) {
  Result<Batch> batch = parse_events("[{\"spans\":[" + list + "]}]");
  EXPECT_TRUE(batch) << list.substr(0, 200);
  return batch ? std::move(*batch) : Batch{};
}

std::string error_of(const Result<Batch>& result) {
  return result ? "" : std::string(code_name(result.error().code));
}

TEST(Events, ReadTheFieldsOfEveryGeneration) {
  struct Case {
    const char* fields;
    const char* name;
    const char* expected;
  };
  for (const Case& c : {
           Case{R"("meta":{"span":{"kind":"llm"}})", "kind", "llm"},
           {R"("meta":{"span.kind":"tool"})", "kind", "tool"},
           {R"("meta":{"kind":"agent"})", "kind", "agent"},
           {R"("meta":{})", "kind", "unknown"},
           {R"("status":"error","meta":{"error.type":"T"})", "error.type", "T"},
           {R"("status":"error","meta":{"error":{"message":"M"}})", "error.message", "M"},
           {R"("status":"error","tags":["error_type:T"])", "error.type", "T"},
           {R"("status":"error","status_message":"M")", "error.message", "M"},
           {R"("status":"error")", "status", "error"},
           {R"("status":"ok")", "status", "ok"},
           {R"("parent_id":"undefined")", "parent", "0"},
           {R"("parent_id":null)", "parent", "0"},
           {R"("parent_id":"")", "parent", "0"},
           {R"("parent_id":"9")", "parent", "9"},
           {R"("parent_id":9)", "parent", "9"},
           {R"("parent_id":"0123456789abcdef")", "parent", "81985529216486895"},
           {R"("duration":12.6)", "duration", "13"},
           {R"("duration":"12")", "duration", "12"},
           {R"("start_ns":1795472918858498518)", "start", "1795472918858498518"},
           {R"("_dd":{"apm_trace_id":"000000000000000a000000000000000b"})", "apm_trace",
            "000000000000000a000000000000000b"},
           {R"("trace_id":"12")", "trace", "0000000000000000000000000000000c"},
           {R"("status":"ok")", "apm_trace", "c0ffee0000000000c0ffee0000000000"},
           {R"("tags":["a:b:c","plain"])", "tags.a", "b:c"},
           {R"("tags":["a:b:c","plain"])", "tags.plain", ""},
           {R"("tags":{"a":"b","n":5})", "tags.n", "5"},
           {R"("metrics":{"input_tokens":22.0})", "tokens.in", "22"},
           {R"("metrics":{"x":"text","y":null})", "extra", R"({"metrics.x":"text"})"},
           {R"("meta":{"input":{"value":"\u00bf\\u00bf?"}})", "input", R"({"value":"¿\\u00bf?"})"},
           {R"("meta":{"input":"bare"})", "input", R"({"value":"bare"})"},
           {R"("meta":{"input":{},"metadata":{}})", "input", ""},
           {R"("meta":{"metadata":{"b":1,"a":1.0}})", "metadata", R"({"b":1,"a":1.0})"},
           {R"("meta":{"tool_definitions":[{"name":"f"}],"expected_output":"x"})", "extra",
            R"({"tool_definitions":[{"name":"f"}],"expected_output":"x"})"},
           {R"("pagent_name":"a","pagent_span_id":"5")", "extra",
            R"({"agent_attribution":{"pagent_name":"a","pagent_span_id":"5"}})"},
           {R"("pagent_name":"a","pagent_span_id":"5","meta":{"agent_attribution":{"k":1}})",
            "extra", R"({"agent_attribution":{"k":1}})"},
           {R"("_dd":{"sample_rate":"0.5","scope":"experiments","sampling_decision":"1"})", "extra",
            R"({"_dd.sample_rate":"0.5","_dd.scope":"experiments"})"},
           {R"("collection_errors":["dropped_io"])", "flags", "dropped_io"},
           {R"("span_id":"abc")", "flags", "id_from_text"},
           {R"("name":"first","name":"second")", "name", "second"},
       }) {
    const Batch batch = events(event(c.fields));
    ASSERT_EQ(batch.spans.size(), 1u) << c.fields;
    EXPECT_EQ(field_of(batch.spans[0], c.name), c.expected) << c.fields;
  }
}

TEST(Events, AreRefusedOneByOneWithAReason) {
  struct Case {
    const char* span;
    const char* reason;
  };
  for (const Case& c : {
           Case{R"({"trace_id":"1"})", "missing_span_id"},
           {R"({"span_id":"0","trace_id":"1"})", "missing_span_id"},
           {R"({"span_id":"undefined","trace_id":"1"})", "missing_span_id"},
           {R"({"span_id":"1"})", "missing_trace_id"},
           {R"({"span_id":[],"trace_id":"1"})", "wrong_type"},
           {R"({"span_id":"1","trace_id":{}})", "wrong_type"},
           {R"({"span_id":"1","trace_id":"1","start_ns":"x"})", "wrong_type"},
           {R"({"span_id":"1","trace_id":"1","duration":[]})", "wrong_type"},
           {R"({"span_id":"1","trace_id":"1","meta":[]})", "wrong_type"},
           {"5", "wrong_type"},
           {"null", "wrong_type"},
       }) {
    Batch batch = events(std::string(c.span) + "," + event("\"status\":\"ok\""));
    EXPECT_EQ(batch.spans_received, 2u);
    EXPECT_EQ(batch.spans.size(), 1u) << c.span;
    EXPECT_EQ(batch.spans_rejected[c.reason], 1u) << c.span;
  }
}

TEST(Events, AreSampledOutWhereTheClientSaysSo) {
  const Batch batch = events(event(R"("_dd":{"sampling_decision":"0"})") + "," +
                             event(R"("_dd":{"sampling_decision":"1"})"));
  EXPECT_EQ(batch.spans_received, 2u);
  EXPECT_EQ(batch.spans_sampled_out, 1u);
  EXPECT_EQ(batch.spans.size(), 1u);
}

TEST(Events, AreFlaggedOnlyWhereTheBodyHadToBeMended) {
  const Batch batch = events(event("\"meta\":{\"input\":{\"value\":\"a\xff\"}}") + "," +
                             event("\"meta\":{\"input\":{\"value\":\"good\"}}"));
  ASSERT_EQ(batch.spans.size(), 2u);
  EXPECT_EQ(field_of(batch.spans[0], "input"), "{\"value\":\"a\xEF\xBF\xBD\"}");
  EXPECT_EQ(field_of(batch.spans[0], "flags"), "invalid_utf8");
  EXPECT_EQ(field_of(batch.spans[1], "flags"), "");
  EXPECT_EQ(field_of(events(event(R"("meta":{"input":{"value":"\ud83d!"}})")).spans.at(0), "input"),
            "{\"value\":\"\xEF\xBF\xBD!\"}");
  const Batch nan = events(event(R"("metrics":{"a":NaN,"b":2})"));
  EXPECT_EQ(field_of(nan.spans.at(0), "metrics"), "1");
  EXPECT_EQ(field_of(nan.spans.at(0), "flags"), "number_text");
}

TEST(Events, HaveLargeAttachmentsReplacedByANote) {
  const std::string at_limit(limits::attachment_bytes_max, 'A'), over = at_limit + "A";
  const auto message = [&](const std::string& content) {
    return event(R"("meta":{"input":{"messages":[{"content":"see","image_parts":[)"
                 R"({"mime_type":"image/png","content":")" +
                 content + R"("}]}]}})");
  };
  const Batch kept = events(message(at_limit));
  EXPECT_EQ(field_of(kept.spans.at(0), "flags"), "");
  EXPECT_GT(kept.spans.at(0).input_json.size(), at_limit.size());
  const Batch cut = events(message(over));
  EXPECT_EQ(field_of(cut.spans.at(0), "flags"), "attachment_cut");
  EXPECT_EQ(
      cut.spans.at(0).input_json,
      fmt::format(R"({{"messages":[{{"content":"see","image_parts":[{{"mime_type":"image/png",)"
                  R"("cut":{{"bytes":{},"sha256":"{}","reason":"over 1 MiB"}}}}]}}]}})",
                  over.size(), codec::sha256_hex(over)));
}

TEST(Events, HaveOverlongTextsCutBetweenCharactersWithAMark) {
  const std::string text = "x" + [] {
    std::string many;
    for (std::size_t i = 0; i < limits::text_bytes_max / 2; ++i) many += "ñ";
    return many;
  }();
  const Batch batch = events(event("\"meta\":{\"output\":{\"value\":\"" + text + "\"}}"));
  const model::Span& span = batch.spans.at(0);
  EXPECT_EQ(field_of(span, "flags"), "text_cut");
  EXPECT_NE(span.output_json.find(
                fmt::format("ñ… [cut: {} of {} bytes kept]", text.size() - 2, text.size())),
            std::string_view::npos);
}

TEST(Events, ComeAsMessagePackTooAsJavaSendsThem) {
  Result<Batch> batch = parse_events(pack(
      R"({"event_type":"span","_dd.stage":"raw","spans":[{"span_id":"8","trace_id":"12",
          "parent_id":"undefined","start_ns":5,"duration":12.5,"metrics":{"input_tokens":3},
          "meta":{"span.kind":"llm","error":{"type":"T"}},"tags":["a:b"]}]})"));
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->spans.size(), 1u);
  for (auto [name, expected] : {std::pair{"kind", "llm"},
                                {"error.type", "T"},
                                {"tags.a", "b"},
                                {"duration", "13"},
                                {"tokens.in", "3"}})
    EXPECT_EQ(field_of(batch->spans[0], name), expected) << name;
  EXPECT_EQ(batch->spans[0].source, "dd_llmobs/msgpack");
}

TEST(Events, RefuseBodiesThatAreNone) {
  struct Case {
    std::string body;
    const char* error;
  };
  for (const Case& c : {
           Case{"", "malformed"},
           {"nonsense", "malformed"},
           {"{}", "wrong_type"},
           {"5", "wrong_type"},
           {"[5]", "wrong_type"},
           {"{\"spans\":5}", "wrong_type"},
           {"[{\"spans\":[]},{}]", "wrong_type"},
           {"\xc1", "malformed"},
           {pack("{\"spans\":[]}") + "x", "malformed"},
           {pack("5"), "wrong_type"},
           {std::string(200, '[') + std::string(200, ']'), "too_deep"},
           {std::string(200, '\x91') + "\xc0", "too_deep"},
           {std::string("\xdf\xff\xff\xff\xff", 5), "malformed"},
       })
    EXPECT_EQ(error_of(parse_events(c.body)), c.error) << c.body.substr(0, 20);
}

TEST(Events, RefuseEveryTruncation) {
  const std::string json = load_body("agent-evp-llmobs-apm-off");
  const std::string packed = pack(json);
  ASSERT_TRUE(parse_events(json));
  ASSERT_TRUE(parse_events(packed));
  for (std::size_t size = 0; size < json.size(); ++size)
    ASSERT_EQ(error_of(parse_events(json.substr(0, size))), "malformed") << size;
  for (std::size_t size = 0; size < packed.size(); ++size)
    ASSERT_EQ(error_of(parse_events(packed.substr(0, size))), "malformed") << size;
}

TEST(PublicSpans, TakeWhatTheRequestSaysForAllOfThem) {
  Result<Batch> batch = parse_public_spans(
      R"({"data":{"type":"span","attributes":{"ml_app":"app","session_id":"ses","tags":["k:v"],
          "spans":[{"name":"a","span_id":"1","trace_id":"2","parent_id":"undefined","start_ns":5,
          "duration":6.5,"meta":{"kind":"llm","output":{"value":"x"}},"apm_trace_id":"3"},
          {"name":"b","span_id":"4","trace_id":"2","ml_app":"own","meta":{"kind":"task"}}]}}})");
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->spans.size(), 2u);
  for (auto [name, expected] : {std::pair{"ml_app", "app"},
                                {"session", "ses"},
                                {"tags.k", "v"},
                                {"kind", "llm"},
                                {"apm_trace", "00000000000000000000000000000003"}})
    EXPECT_EQ(field_of(batch->spans[0], name), expected) << name;
  EXPECT_EQ(batch->spans[1].ml_app, "own");
  EXPECT_EQ(field_of(batch->spans[1], "apm_trace"), "00000000000000000000000000000002");
  for (const char* body : {"{}", "[]", R"({"data":{"attributes":{}}})", R"({"data":5})"})
    EXPECT_EQ(error_of(parse_public_spans(body)), "missing_field") << body;
}

ParsedEvaluations evaluations(const std::string& metrics) {
  Result<ParsedEvaluations> parsed = parse_evaluations(
      R"({"data":{"type":"evaluation_metric","attributes":{"tags":["all:1"],"metrics":[)" +
      metrics + "]}}}");
  EXPECT_TRUE(parsed) << metrics;
  return parsed ? std::move(*parsed) : ParsedEvaluations{};
}

TEST(Evaluations, AreRefusedOneByOneWithAReason) {
  struct Case {
    const char* metric;
    const char* reason;
  };
  for (
      const Case& c : {
          Case{R"({"metric_type":"score","score_value":1,"span_id":"1"})", "missing_label"},
          {R"({"label":"a.b","metric_type":"score","score_value":1,"span_id":"1"})",
           "label_with_dot"},
          {R"({"label":"a","metric_type":"score","span_id":"1"})", "missing_value"},
          {R"({"label":"a","metric_type":"score","categorical_value":"x","span_id":"1"})",
           "missing_value"},
          {R"({"label":"a","metric_type":"score","score_value":"1","span_id":"1"})", "wrong_type"},
          {R"({"label":"a","metric_type":"boolean","boolean_value":1,"span_id":"1"})",
           "wrong_type"},
          {R"({"label":"a","metric_type":"categorical","categorical_value":1,"span_id":"1"})",
           "wrong_type"},
          {R"({"label":5,"metric_type":"score","score_value":1,"span_id":"1"})", "wrong_type"},
          {R"({"label":"a","metric_type":"score","score_value":1,"span_id":"1","timestamp_ms":-1})",
           "wrong_type"},
          {R"({"label":"a","metric_type":"score","score_value":1,"span_id":"1",
                "timestamp_ms":99999999999999999})",
           "wrong_type"},
          {R"({"label":"a","metric_type":"odd","score_value":1,"span_id":"1"})",
           "unknown_metric_type"},
          {R"({"label":"a","metric_type":"score","score_value":1})", "missing_target"},
          {"5", "wrong_type"},
      }) {
    ParsedEvaluations parsed =
        evaluations(std::string(c.metric) +
                    R"(,{"label":"ok","metric_type":"score","score_value":1,"span_id":"1"})");
    EXPECT_EQ(parsed.batch.evaluations_received, 2u);
    EXPECT_EQ(parsed.batch.evaluations.size(), 1u) << c.metric;
    EXPECT_EQ(parsed.batch.evaluations_rejected[c.reason], 1u) << c.metric;
    EXPECT_NE(parsed.answer.find(
                  fmt::format(R"("meta":{{"rejected":[{{"index":0,"reason":"{}"}}]}})", c.reason)),
              std::string::npos);
  }
}

TEST(Evaluations, HaveTheSameIdWhenSentAgainAndAnotherWhenChanged) {
  const std::string one = R"({"label":"a","metric_type":"score","score_value":1,"span_id":"1"})";
  const std::string two = R"({"label":"a","metric_type":"score","score_value":2,"span_id":"1"})";
  const ParsedEvaluations first = evaluations(one), again = evaluations(one),
                          other = evaluations(two);
  EXPECT_EQ(first.batch.evaluations.at(0).id, again.batch.evaluations.at(0).id);
  EXPECT_FALSE(first.batch.evaluations.at(0).id == other.batch.evaluations.at(0).id);
  EXPECT_EQ(first.answer, again.answer);
  EXPECT_NE(first.answer.find("\"metrics\":[{\"id\":\"" + to_hex(first.batch.evaluations.at(0).id) +
                              "\",\"label\":\"a\""),
            std::string::npos);
  EXPECT_EQ(field_of(first.batch.evaluations.at(0), "tags.all"), "1");
}

TEST(Evaluations, MayLackTheValueWhenTheyFailed) {
  const ParsedEvaluations parsed = evaluations(
      R"({"label":"a","metric_type":"score","span_id":"1","status":"ERROR",
          "error":{"type":"T","message":"m"}})");
  ASSERT_EQ(parsed.batch.evaluations.size(), 1u);
  EXPECT_EQ(parsed.batch.evaluations[0].error_json, R"({"type":"T","message":"m"})");
}

TEST(Evaluations, SayWhatTheyAreAbout) {
  struct Case {
    const char* target;
    const char* scope;
  };
  for (const Case& c :
       {Case{R"("span_id":"1","trace_id":"2")", "span"},
        {R"("trace_id":"2")", "trace"},
        {R"("session_id":"s")", "session"},
        {R"("join_on":{"tag":{"key":"k","value":"v"}})", "span"},
        {R"("join_on":{"span":{"span_id":"1","trace_id":"2"}},"eval_scope":"trace")", "trace"},
        {R"("eval_scope":"external")", "external"}}) {
    const ParsedEvaluations parsed = evaluations(
        R"({"label":"a","metric_type":"score","score_value":1,)" + std::string(c.target) + "}");
    ASSERT_EQ(parsed.batch.evaluations.size(), 1u) << c.target;
    EXPECT_EQ(parsed.batch.evaluations[0].scope, c.scope) << c.target;
  }
}

}  // namespace
}  // namespace catalejo::intake::dd_llmobs
