#include "base/time.hpp"

#include <gtest/gtest.h>

namespace catalejo {
namespace {

TEST(Rfc3339, ReadsAndWritesTheSameInstant) {
  for (const auto& [text, nanos] : {
           std::pair{"1970-01-01T00:00:00Z", std::int64_t{0}},
           {"2026-11-24T03:46:59.123456789Z", 1795492019123456789},
           {"2026-11-24T05:46:59.123456789+02:00", 1795492019123456789},
           {"2026-11-24", 1795478400000000000},
           {"1969-12-31T23:59:59.5Z", -500000000},
           {"2024-02-29T00:00:00Z", 1709164800000000000},
       }) {
    const auto time = parse_rfc3339(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(time->value, nanos) << text;
    EXPECT_EQ(parse_rfc3339(to_rfc3339(*time)), time) << text;
  }
}

TEST(Rfc3339, RefusesDatesThatAreNone) {
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-30", "2026-11-24T25:00:00Z",
                           "2026-11-24T03:46:59", "2026-11-24T03:46:59.Z", "2026-11-24T03:46:59Zx",
                           "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(Time, ReadsWhatPeopleAndDatadogWrite) {
  const UnixNanos at{1'000'000 * kNanosPerSecond};
  EXPECT_EQ(parse_time("now", at), at);
  EXPECT_EQ(parse_time("now-15m", at)->value, at.value - 900 * kNanosPerSecond);
  EXPECT_EQ(parse_time("now+1h", at)->value, at.value + 3600 * kNanosPerSecond);
  EXPECT_EQ(parse_time("1795492019123", at)->value, 1795492019123000000);
  for (const char* text : {"now-", "now-m", "now-15", "now-15y", "now*2", "nowx", "-5", "1e9",
                           "99999999999999999", "now-999999999w"})
    EXPECT_FALSE(parse_time(text, at)) << text;
}

TEST(DayNumber, NamesTheUtcDay) {
  EXPECT_EQ(day_number({0}), 19700101u);
  EXPECT_EQ(day_number({-1}), 19691231u);
  EXPECT_EQ(day_number({1795492019123456789}), 20261124u);
}

}  // namespace
}  // namespace catalejo
