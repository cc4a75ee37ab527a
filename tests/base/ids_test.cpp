#include "base/ids.hpp"

#include <gtest/gtest.h>

namespace catalejo {
namespace {

struct TraceCase {
  const char* text;
  std::uint64_t high, low;
};

TEST(TraceId, ReadsEveryFormTheClientsSend) {
  for (const auto& [text, high, low] : {
           TraceCase{"6b04be110000000060b5861cf9204f60", 0x6b04be1100000000, 0x60b5861cf9204f60},
           {"6B04BE110000000060B5861CF9204F60", 0x6b04be1100000000, 0x60b5861cf9204f60},
           {"142252019741123594278064389960727809888", 0x6b04be1100000000, 0x60b5861cf9204f60},
           {"8567643597721439822", 0, 8567643597721439822u},
           {"0", 0, 0},
           {"00000000000000000000000000000010", 0, 16},
           {"60b5861cf9204f60", 0, 0x60b5861cf9204f60},
           {"6b04be11-0000-0000-60b5-861cf9204f60", 0x6b04be1100000000, 0x60b5861cf9204f60},
           {"340282366920938463463374607431768211455", UINT64_MAX, UINT64_MAX},
       }) {
    const auto id = parse_trace_id(text);
    ASSERT_TRUE(id) << text;
    EXPECT_EQ(*id, (TraceId{high, low})) << text;
  }
}

TEST(TraceId, RefusesWhatIsNoId) {
  for (const char* text :
       {"", "-1", "+1", " 1", "1 ", "0x10", "abc", "340282366920938463463374607431768211456",
        "999999999999999999999999999999999999999", "6b04be110000000060b5861cf9204f6g",
        "6b04be11_0000-0000-60b5-861cf9204f60"})
    EXPECT_FALSE(parse_trace_id(text)) << text;
}

TEST(TraceId, SurvivesBytesAndHex) {
  const TraceId id{0x0102030405060708, 0x090a0b0c0d0e0f10};
  const auto bytes = to_bytes(id);
  EXPECT_EQ(trace_id_from_bytes({bytes.data(), bytes.size()}), id);
  EXPECT_EQ(to_hex(id), "0102030405060708090a0b0c0d0e0f10");
  EXPECT_EQ(bytes[0], 1);
}

TEST(TraceId, FromTextIsStableAndNeverEmpty) {
  EXPECT_EQ(trace_id_from_text("order-7"), trace_id_from_text("order-7"));
  EXPECT_NE(trace_id_from_text("order-7"), trace_id_from_text("order-8"));
  EXPECT_FALSE(trace_id_from_text("").empty());
}

TEST(SpanId, ReadsDecimalAndSixteenHexDigits) {
  EXPECT_EQ(parse_span_id("17440452931695720972")->value, 17440452931695720972u);
  EXPECT_EQ(parse_span_id("f2096ed4a1b2c3d4")->value, 0xf2096ed4a1b2c3d4u);
  for (const char* text : {"", "undefined", "18446744073709551616", "f2096ed4", "-5"})
    EXPECT_FALSE(parse_span_id(text)) << text;
}

}  // namespace
}  // namespace catalejo
