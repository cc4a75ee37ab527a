#include "monitor/downtime.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/time.hpp"
#include "monitor/downtime_v1.hpp"
#include "monitor/look.hpp"
#include "monitor/scope.hpp"
#include "support/paths.hpp"

namespace catalejo::monitor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kNow = 1'780'000'000;  // 2026-05-28T20:26:40Z

std::int64_t seconds(std::string_view text) {
  return parse_rfc3339(text)->value / kNanosPerSecond;
}

std::string shown(std::int64_t at_s) {
  return to_rfc3339({at_s * kNanosPerSecond}).substr(0, 19) + "Z";
}

// The windows one behind the other, each looked for from the end of the one before: of those that
// lie over each other the next begins later.
TEST(Recurrence, ComesAsTheFileSays) {
  std::ifstream file(test_data("monitor/recurrences.test"));
  ASSERT_TRUE(file);
  Recurrence recurrence;
  std::int64_t at_s = 0;
  int beginnings = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("== ")) {
      std::istringstream words(line.substr(3));
      std::string start, from;
      std::int64_t minutes = 0;
      words >> recurrence.zone >> start >> minutes >> recurrence.rule >> from;
      recurrence.start = *local_time_of(start);
      recurrence.length_s = minutes * 60;
      at_s = seconds(from);
      ASSERT_TRUE(check(recurrence)) << line;
      continue;
    }
    const auto window = window_at(recurrence, at_s);
    if (line == "end") {
      EXPECT_FALSE(window) << recurrence.rule << " from " << shown(at_s);
      EXPECT_NE(last_end_of(recurrence), 0) << recurrence.rule;
      continue;
    }
    ASSERT_TRUE(window) << recurrence.rule << ": " << line;
    EXPECT_EQ(shown(window->from_s), line) << recurrence.zone << " " << recurrence.rule;
    EXPECT_EQ(window->to_s - window->from_s, recurrence.length_s);
    // So that the next of those that overlap is found.
    at_s = window->from_s + recurrence.length_s;
    ++beginnings;
  }
  EXPECT_GT(beginnings, 80);
}

TEST(Recurrence, IsRefusedWithAReason) {
  const Recurrence good{
      .rule = "FREQ=DAILY", .start = "20260105T220000", .length_s = 60, .zone = "Europe/Madrid"};
  EXPECT_TRUE(check(good));
  for (const char* rule :
       {"", "DAILY", "FREQ=NOW", "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=90", "FREQ=HOURLY",
        "FREQ=MONTHLY;BYDAY=6MO", "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;DURATION=PT1H", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;UNTIL=20200101T000000Z"}) {
    Recurrence wrong = good;
    wrong.rule = rule;
    const auto said = check(wrong);
    ASSERT_FALSE(said) << rule;
    EXPECT_EQ(said.error().where, "rrule") << rule;
  }
  for (const char* zone : {"", "Madrid", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime"})
    EXPECT_FALSE(is_zone(zone)) << zone;
  for (const char* start :
       {"", "2026-01-05", "2026-01-05T22", "2026-13-05T22:00", "2026-02-30T22:00",
        "2026-01-05T25:00", "2026-01-05T22:00Z", "2026-01-05T22:00:00+01:00", "yyyy-01-05T22:00"})
    EXPECT_FALSE(local_time_of(start)) << start;
  for (const char* length : {"", "h", "0h", "-1h", "1.5h", "1y", "367d", "99999999999999999999w"})
    EXPECT_FALSE(length_of(length)) << length;
  EXPECT_EQ(*length_of("90m"), 5'400);
  EXPECT_EQ(*length_of("1w"), 604'800);
  EXPECT_EQ(local_time_at(seconds("2026-07-01T12:00:00Z"), "Europe/Madrid"), "20260701T140000");
}

Definition definition(const std::string& query = "avg(last_5m):avg:cpu{env:prod} by {host} > 90") {
  auto made = read_definition(
      fmt::format(R"({{"name":"CPU","type":"query alert","query":"{}","message":"@x",)"
                  R"("tags":["team:sea","tier:1"]}})",
                  query),
      true);
  EXPECT_TRUE(made);
  return *made;
}

Downtime downtime(const std::string& attributes) {
  auto made = read_downtime(attributes, kNow);
  EXPECT_TRUE(made) << (made ? "" : to_string(made.error())) << attributes;
  return made ? *made : Downtime{};
}

TEST(Downtime, IsOfTheMonitorsThatItNames) {
  const Definition monitor = definition();
  const auto is_of = [&](const char* identifier) {
    return downtime(fmt::format(R"({{"scope":"*","monitor_identifier":{}}})", identifier))
        .is_of(7, monitor);
  };
  EXPECT_TRUE(is_of(R"({"monitor_id":7})"));
  EXPECT_FALSE(is_of(R"({"monitor_id":8})"));
  EXPECT_TRUE(is_of(R"({"monitor_tags":["*"]})"));
  EXPECT_TRUE(is_of(R"({"monitor_tags":["tier:1","team:sea"]})"));
  EXPECT_FALSE(is_of(R"({"monitor_tags":["tier:1","team:land"]})"));
}

TEST(Downtime, CoversGroupsByTheirTagsAndTheScopeOfTheQuery) {
  const Definition monitor = definition();
  const auto covers = [&](const char* scope, std::vector<std::string> tags) {
    return downtime(
               fmt::format(R"({{"scope":"{}","monitor_identifier":{{"monitor_id":7}}}})", scope))
        .covers(monitor, tags);
  };
  EXPECT_TRUE(covers("*", {}));
  EXPECT_TRUE(covers("host:a", {"host:a"}));
  EXPECT_FALSE(covers("host:a", {"host:b"}));
  EXPECT_TRUE(covers("host:a*", {"host:abc"}));
  EXPECT_FALSE(covers("host:a*c", {"host:abd"}));
  EXPECT_TRUE(covers("env:prod AND host:a", {"host:a"}));
  EXPECT_FALSE(covers("env:dev AND host:a", {"host:a"}));
  EXPECT_TRUE(covers("env:prod,host:a", {"host:a"}));
  EXPECT_TRUE(covers("host:b OR host:a", {"host:a"}));
  EXPECT_TRUE(covers("host IN (b,a)", {"host:a"}));
  // Groups of spans have any text, in any case.
  EXPECT_TRUE(covers(R"(user:\"Ana (ops), 2\")", {"user:Ana (ops), 2"}));
  EXPECT_FALSE(covers(R"(user:\"Ana (ops), 2\")", {"user:Ana (ops), 3"}));
  EXPECT_TRUE(covers("NOT host:b", {"host:a"}));
  EXPECT_FALSE(covers("NOT host:b", {"host:b"}));
}

TEST(Scope, IsWrittenOfTagsSoThatItIsReadAsThose) {
  for (const std::vector<std::string>& tags :
       {std::vector<std::string>{"host:a"}, {"env:prod", "user:ana (ops), \"2\""}, {"a b:c"}}) {
    const auto scope = read_scope(scope_of(tags));
    ASSERT_TRUE(scope) << scope_of(tags);
    EXPECT_EQ(plain_tags(*scope), tags);
    EXPECT_TRUE(holds(*scope, tags));
  }
  EXPECT_EQ(scope_of({}), "*");
  EXPECT_TRUE(same(*read_scope("a:b AND c:d"), *read_scope("c:d,a:b")));
  EXPECT_FALSE(same(*read_scope("a:b AND c:d"), *read_scope("a:b OR c:d")));
  for (const char* wrong : {"", "a:\"b", "a:{b}", "a:\x0e", "a:b)", "********* "})
    EXPECT_FALSE(read_scope(wrong)) << wrong;
}

// What older clients say is kept as the newer path has it, and given back as they said it.
TEST(FirstVersion, IsReadAndWrittenTheSame) {
  const std::string given =
      R"({"scope":["env:prod","host:a"],"monitor_id":7,"start":1780000200,"end":1780003800,)"
      R"("timezone":"Europe/Madrid","message":"work","mute_first_recovery_notification":true,)"
      R"("recurrence":{"type":"weeks","period":2,"week_days":["Thu","Fri"],"until_occurrences":3}})";
  const auto read = read_first_version(given, kNow, nullptr);
  ASSERT_TRUE(read) << to_string(read.error());
  const Downtime made = downtime(read->attributes);
  EXPECT_EQ(made.scope_text, "env:prod AND host:a");
  EXPECT_EQ(made.monitor_id, 7);
  ASSERT_EQ(made.recurrences.size(), 1u);
  EXPECT_EQ(made.recurrences[0].rule, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,FR;COUNT=3");
  EXPECT_EQ(made.recurrences[0].start, "20260528T223000");
  EXPECT_EQ(made.recurrences[0].length_s, 3'600);
  store::Downtime kept;
  kept.id = "00000000-00ff-4000-8000-000000000000";
  std::string shown;
  append_first_version(shown, kept, made, kNow);
  EXPECT_THAT(shown, HasSubstr(R"("id":255,"active":false)"));
  EXPECT_THAT(shown, HasSubstr(R"("start":1780000200,"end":1780003800)"));
  EXPECT_THAT(shown, HasSubstr(R"("scope":["env:prod","host:a"])"));
  EXPECT_THAT(shown, HasSubstr(R"("recurrence":{"type":"weeks","period":2,)"
                               R"("week_days":["Thu","Fri"],"until_date":null,)"
                               R"("until_occurrences":3})"));
  const auto change = read_first_version(R"({"end":1780007400})", kNow, &made);
  ASSERT_TRUE(change);
  const auto changed = read_downtime(*changed_downtime(made.body, change->attributes), kNow);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->recurrences[0].length_s, 7'200);
  EXPECT_EQ(changed->recurrences[0].rule, made.recurrences[0].rule);
  EXPECT_EQ(changed->message, "work");
}

TEST(Downtime, HasAWindow) {
  const auto at_once = downtime(R"({"scope":"*","monitor_identifier":{"monitor_id":7}})");
  EXPECT_EQ(at_once.window(kNow), (Window{.from_s = kNow, .to_s = 0}));
  EXPECT_EQ(at_once.ends_s(), 0);
  const auto once =
      downtime(R"({"scope":"*","monitor_identifier":{"monitor_id":7},"schedule":)"
               R"({"start":"2026-06-01T10:00:00+02:00","end":"2026-06-01T12:00:00+02:00"}})");
  const Window window{.from_s = seconds("2026-06-01T08:00:00Z"),
                      .to_s = seconds("2026-06-01T10:00:00Z")};
  EXPECT_EQ(once.window(kNow), window);
  EXPECT_EQ(once.window(window.to_s - 1), window);
  EXPECT_EQ(once.window(window.to_s), std::nullopt);
  EXPECT_EQ(once.ends_s(), window.to_s);
  const auto often = downtime(
      R"({"scope":"*","monitor_identifier":{"monitor_id":7},"schedule":{"timezone":)"
      R"("Europe/Madrid","recurrences":[)"
      R"({"rrule":"FREQ=DAILY;COUNT=2","duration":"1h","start":"2026-06-01T10:00"},)"
      R"({"rrule":"FREQ=WEEKLY;BYDAY=TU;COUNT=1","duration":"30m","start":"2026-06-02T07:00"}]}})");
  EXPECT_EQ(often.window(kNow)->from_s, seconds("2026-06-01T08:00:00Z"));
  EXPECT_EQ(often.window(seconds("2026-06-01T09:00:00Z"))->from_s, seconds("2026-06-02T05:00:00Z"));
  EXPECT_EQ(often.ends_s(), seconds("2026-06-02T09:00:00Z"));
}

TEST(Downtime, IsKeptWholeAndReadTheSameAgain) {
  const auto made =
      downtime(R"({"scope":"env:prod","message":"work @ana@example.org","monitor_identifier":)"
               R"({"monitor_tags":["*"]},"notify_end_states":["alert"],"status":"active",)"
               R"("schedule":{"recurrences":[{"rrule":"FREQ=DAILY","duration":"1d"}]}})");
  EXPECT_THAT(made.unsupported, ElementsAre("notify_end_states", "message: mentions"));
  EXPECT_THAT(made.body, HasSubstr(R"("notify_end_states":["alert"])"));
  EXPECT_THAT(made.body, HasSubstr(R"("start":"2026-05-28T20:26:40")"));
  EXPECT_EQ(made.body.find("status"), std::string::npos);
  const auto again = read_downtime(made.body, kNow + 1'000);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->body, made.body);
  const auto change = changed_downtime(made.body, R"({"scope":"env:dev"})");
  ASSERT_TRUE(change);
  const auto changed = read_downtime(*change, kNow + 1'000);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->scope_text, "env:dev");
  EXPECT_EQ(changed->recurrences.front().start, made.recurrences.front().start);
}

TEST(Downtime, IsRefusedWithAReason) {
  const struct {
    const char *attributes, *where;
  } wrong[] = {
      {"[]", "attributes"},
      {"{}", "scope"},
      {R"({"scope":"*"})", "monitor_identifier"},
      {R"({"scope":"*","monitor_identifier":{"monitor_tags":[]}})", "monitor_identifier"},
      {R"({"scope":"env:a AND","monitor_identifier":{"monitor_id":1}})", "scope"},
      {R"({"scope":"a:b} + avg:c{*","monitor_identifier":{"monitor_id":1}})", "scope"},
      {R"({"scope":"*","monitor_identifier":{"monitor_id":1},"schedule":{"start":"now"}})",
       "start"},
      {R"({"scope":"*","monitor_identifier":{"monitor_id":1},"schedule":)"
       R"({"start":"2026-06-01T10:00:00Z","end":"2026-06-01T10:00:00Z"}})",
       "end"},
      {R"({"scope":"*","monitor_identifier":{"monitor_id":1},"schedule":{"recurrences":[]}})",
       "schedule.recurrences"},
      {R"({"scope":"*","monitor_identifier":{"monitor_id":1},"schedule":)"
       R"({"recurrences":[{"rrule":"FREQ=DAILY"}]}})",
       "duration"},
      {R"({"scope":"*","monitor_identifier":{"monitor_id":1},"schedule":{"timezone":"Mars",)"
       R"("recurrences":[{"rrule":"FREQ=DAILY","duration":"1h"}]}})",
       "schedule.timezone"},
      {R"({"scope":"*","monitor_identifier":{"monitor_id":1},"display_timezone":"Mars"})",
       "display_timezone"},
  };
  for (const auto& [attributes, where] : wrong) {
    const auto read = read_downtime(attributes, kNow);
    ASSERT_FALSE(read) << attributes;
    EXPECT_EQ(read.error().where, where) << attributes << to_string(read.error());
  }
}

TEST(Downtime, WhatIsNoJsonIsRefused) {
  EXPECT_FALSE(read_downtime("{", kNow));
}

// Looks at a monitor of one group a minute, with a downtime from the third to the sixth.
std::vector<std::string> told(const char* options, const std::vector<double>& values) {
  const Definition monitor = definition("avg(last_5m):avg:cpu{*} > 90");
  Downtimes downtimes;
  downtimes.take({{.id = "d",
                   .body = fmt::format(R"({{"scope":"*","monitor_identifier":{{"monitor_id":7}},)"
                                       R"("schedule":{{"start":"{}","end":"{}"}}{}}})",
                                       to_rfc3339({(kNow + 180) * kNanosPerSecond}),
                                       to_rfc3339({(kNow + 360) * kNanosPerSecond}), options),
                   .author = {},
                   .created = {kNow * kNanosPerSecond},
                   .modified = {1}}});
  Known known;
  known.monitor.id = 7;
  std::vector<std::string> said;
  std::int64_t at_s = kNow;
  for (const double value : values) {
    at_s += 60;
    const std::vector<Reading> readings{{.tags = {}, .value = value, .first_s = at_s - 600}};
    for (const auto& notice : advance({}, monitor, known, readings, at_s, &downtimes).notices)
      said.push_back(
          fmt::format("{} {}", (at_s - kNow) / 60, (*decode(notice.body))["ALERT_TRANSITION"]));
  }
  return said;
}

TEST(Downtime, WhatStillHoldsAtItsEndIsTold) {
  EXPECT_THAT(told("", {1, 1, 99, 99, 99, 99, 1}), ElementsAre("6 Triggered", "7 Recovered"));
  EXPECT_THAT(told("", {1, 1, 99, 99, 1, 1, 1}), IsEmpty());
}

TEST(Downtime, TheFirstRecoveryIsToldUnlessItIsMuted) {
  EXPECT_THAT(told("", {99, 99, 99, 1, 99, 1, 1}), ElementsAre("1 Triggered", "4 Recovered"));
  EXPECT_THAT(told(R"(,"mute_first_recovery_notification":true)", {99, 99, 99, 1, 1, 1, 1}),
              ElementsAre("1 Triggered", "6 Recovered"));
}

TEST(Downtime, CanceledItMutesNothing) {
  const Definition monitor = definition();
  store::Downtime kept{.id = "d",
                       .body = R"({"scope":"host:a","monitor_identifier":{"monitor_id":7},)"
                               R"("mute_first_recovery_notification":true})",
                       .author = {},
                       .created = {kNow * kNanosPerSecond},
                       .modified = {1}};
  Downtimes downtimes;
  downtimes.take({kept});
  EXPECT_EQ(downtimes.mute(7, monitor, {"host:a"}, kNow), Mute::all);
  EXPECT_EQ(downtimes.mute(7, monitor, {"host:b"}, kNow), Mute::none);
  EXPECT_EQ(downtimes.mute(8, monitor, {"host:a"}, kNow), Mute::none);
  EXPECT_EQ(downtimes.mute(7, monitor, {"host:a"}, kNow - 60), Mute::none);
  kept.canceled = kept.modified = {2};
  downtimes.take({kept});
  EXPECT_EQ(downtimes.mute(7, monitor, {"host:a"}, kNow), Mute::none);
}

}  // namespace
}  // namespace catalejo::monitor
