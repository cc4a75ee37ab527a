// /api/v0.2/traces: what Agents send on. Recorded ones are in tests/protocol/agent_forwarded.test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "intake/dd_apm/traces.hpp"
#include "support/capture.hpp"
#include "support/protobuf.hpp"
#include "support/protocol_case.hpp"

namespace catalejo::intake::dd_apm {
namespace {

using namespace protobuf;
using model::Batch;

std::string span(std::uint64_t id, const std::string& more = {}) {
  return bytes(1, "svc") + bytes(2, "n") + integer(4, 7) + integer(5, id) + integer(7, 5) + more;
}

std::string payload(const std::string& tracer) {
  return bytes(5, tracer) + bytes(1, "agent-host") + bytes(2, "agent-env");
}

std::string field(const Result<Batch>& batch, std::size_t at, const std::string& name) {
  if (!batch || at >= batch->spans.size()) return "(no such span)";
  return field_of(batch->spans[at], name);
}

TEST(AgentPayload, SpansTakeWhatHoldsForAllUnlessTheyHaveTheirOwn) {
  const std::string own = bytes(10, bytes(1, "env") + bytes(2, "mine"));
  const std::string chunk = bytes(3, span(1)) + bytes(3, span(2, own)) + integer(1, 2) +
                            bytes(2, "lambda") + bytes(4, bytes(1, "team") + bytes(2, "a"));
  const auto batch = parse_agent_payload(payload(bytes(6, chunk) + bytes(10, "1.2")));
  ASSERT_TRUE(batch);
  EXPECT_TRUE(batch->client_computed_stats);
  EXPECT_EQ(field(batch, 0, "tags.env"), "agent-env");
  EXPECT_EQ(field(batch, 1, "tags.env"), "mine");
  for (const std::size_t at : {0u, 1u}) {
    EXPECT_EQ(field(batch, at, "tags.host"), "agent-host");
    EXPECT_EQ(field(batch, at, "tags.version"), "1.2");
    EXPECT_EQ(field(batch, at, "tags.team"), "a");
    EXPECT_EQ(field(batch, at, "tags._dd.origin"), "lambda");
  }
  EXPECT_EQ(field(batch, 0, "metrics._sampling_priority_v1"), "2");
  EXPECT_EQ(field(batch, 1, "metrics._sampling_priority_v1"), "(none)");
}

TEST(AgentPayload, LinksAndEventsAreWrittenAsTracersWriteThem) {
  const std::string item = integer(1, 3) + number(5, 0.5);
  const std::string list = integer(1, 4) + bytes(6, bytes(1, item));
  const auto attribute = [](const char* key, const std::string& value) {
    return bytes(3, bytes(1, key) + bytes(2, value));
  };
  const std::string event = fixed(1, 9) + bytes(2, "told") + attribute("flag", integer(1, 1)) +
                            attribute("n", integer(1, 2) + integer(4, ~std::uint64_t{0})) +
                            attribute("list", list);
  const std::string link = integer(1, ~std::uint64_t{0}) + integer(3, 6) +
                           bytes(4, bytes(1, "why") + bytes(2, "\"after\""));
  const auto batch =
      parse_agent_payload(payload(bytes(6, bytes(3, span(1, bytes(15, event) + bytes(14, link))))));
  EXPECT_EQ(field(batch, 0, "extra"),
            R"({"span_links":[{"trace_id":18446744073709551615,"span_id":6,)"
            R"("attributes":{"why":"\"after\""}}],"span_events":[{"time_unix_nano":9,)"
            R"("name":"told","attributes":{"flag":{"type":1,"bool_value":false},)"
            R"("n":{"type":2,"int_value":-1},"list":{"type":4,"array_value":{"values":[)"
            R"({"type":3,"double_value":0.5}]}}}}]})");
}

// Texts: "", "svc", "n", "k", bytes that are no UTF-8.
std::string indexed(const std::string& span, const std::string& chunk = {}) {
  const std::string id("\0\0\0\0\0\0\0\x0f\0\0\0\0\0\0\0\x07", 16);
  std::string texts;
  for (const char* text : {"", "svc", "n", "k", "\xff"}) texts += bytes(1, text);
  return bytes(11, texts + bytes(11, bytes(4, span) + bytes(6, id) + chunk));
}
std::string indexed_span(const std::string& more = {}) {
  return integer(1, 1) + integer(2, 2) + fixed(4, 5) + fixed(6, 9) + integer(7, 3) + more;
}
std::string attribute(const std::string& value) {
  return bytes(9, integer(1, 3) + bytes(2, value));
}

TEST(AgentPayload, TextsAreLookedUpInTheTable) {
  const std::string more =
      attribute(integer(1, 2)) + integer(8, 1) + integer(16, 3) + integer(13, 1) + integer(10, 4);
  const auto batch = parse_agent_payload(indexed(indexed_span(more), integer(1, 1)));
  EXPECT_EQ(field(batch, 0, "apm_trace"), "000000000000000f0000000000000007");
  EXPECT_EQ(field(batch, 0, "service"), "svc");
  EXPECT_EQ(field(batch, 0, "span"), "5");
  EXPECT_EQ(field(batch, 0, "start"), "9");
  EXPECT_EQ(field(batch, 0, "duration"), "3");
  EXPECT_EQ(field(batch, 0, "status"), "error");
  EXPECT_EQ(field(batch, 0, "tags.k"), "n");
  EXPECT_EQ(field(batch, 0, "tags.span.kind"), "client");
  EXPECT_EQ(field(batch, 0, "tags.env"), "svc");
  EXPECT_EQ(field(batch, 0, "type"), "\xef\xbf\xbd");
  EXPECT_EQ(field(batch, 0, "flags"), "invalid_utf8");
  EXPECT_EQ(field(batch, 0, "metrics._sampling_priority_v1"), "1");
}

TEST(AgentPayload, ValuesOfEveryKindAreTaken) {
  const auto value_of = [](const std::string& value, const char* name = "tags.k") {
    return field(parse_agent_payload(indexed(indexed_span(attribute(value)))), 0, name);
  };
  EXPECT_EQ(value_of(integer(2, 0)), "false");
  EXPECT_EQ(value_of(number(3, 0.5), "metrics.k"), "0.5");
  EXPECT_EQ(value_of(integer(4, ~std::uint64_t{0}), "metrics.k"), "-1");
  EXPECT_EQ(value_of(number(3, 1 / 0.0), "metrics.k"), "(none)");
  const std::string list = bytes(1, integer(1, 1)) + bytes(1, bytes(5, "\x01"));
  EXPECT_EQ(value_of(bytes(6, list)), R"(["svc","AQ=="])");
  EXPECT_EQ(value_of(bytes(7, bytes(1, integer(1, 2) + bytes(2, bytes(6, ""))))), R"({"n":[]})");
}

TEST(AgentPayload, ASpanThatPointsOutsideTheTableIsRefusedAlone) {
  const auto batch = parse_agent_payload(indexed(indexed_span(integer(3, 99))));
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->spans.size(), 0u);
  EXPECT_THAT(batch->spans_rejected, testing::ElementsAre(testing::Pair("wrong_type", 1)));
}

TEST(AgentPayload, WhatIsNestedWithoutEndIsRefused) {
  std::string value = integer(2, 1);
  for (std::size_t i = 0; i < limits::nesting_depth_max + 2; ++i) value = bytes(6, bytes(1, value));
  const auto batch = parse_agent_payload(indexed(indexed_span(attribute(value))));
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, Code::too_deep);
}

TEST(AgentPayload, ATableWithoutEndIsRefused) {
  std::string texts;
  for (int i = 0; i < 1'000'001; ++i) texts += bytes(1, "");
  const auto batch = parse_agent_payload(bytes(11, texts));
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, Code::body_too_large);
}

// A body that is cut between two fields of its own is a whole one; any other is refused.
TEST(AgentPayload, ATruncatedBodyIsRefusedOrHasFewerTracers) {
  for (const char* capture : {"agent-forwarded-traces-indexed", "agent-forwarded-traces"}) {
    const std::string body = inflated_body(capture);
    ASSERT_TRUE(parse_agent_payload(body));
    std::size_t taken = 0;
    for (std::size_t size = 0; size < body.size(); ++size) {
      const auto batch = parse_agent_payload(body.substr(0, size));
      if (!batch) {
        ASSERT_EQ(batch.error().code, Code::malformed) << capture << " " << size;
        continue;
      }
      ++taken;
      ASSERT_LE(batch->spans_received, 6u);
    }
    EXPECT_LT(taken, 16u) << capture;
  }
}

TEST(AgentPayload, EverySpanIsAccountedForWhateverAByteIs) {
  for (const char* capture : {"agent-forwarded-traces-indexed", "agent-forwarded-traces"}) {
    const std::string body = inflated_body(capture);
    for (std::size_t at = 0; at < body.size(); at += 3) {
      for (const char other : {'\x00', '\xff', '\x0a', '\x80'}) {
        std::string changed = body;
        changed[at] = other;
        const auto batch = parse_agent_payload(changed);
        if (!batch) continue;
        std::uint64_t ended = batch->spans.size() + batch->spans_sampled_out;
        for (const auto& [reason, count] : batch->spans_rejected) ended += count;
        ASSERT_EQ(batch->spans_received, ended);
      }
    }
  }
}

}  // namespace
}  // namespace catalejo::intake::dd_apm
