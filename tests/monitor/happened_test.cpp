#include "monitor/happened.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace catalejo::monitor {
namespace {

using model::MonitorStatus;
using testing::ElementsAre;

store::MonitorLook look() {
  const auto change = [](std::string group, MonitorStatus from, MonitorStatus to,
                         std::string what = "changed") {
    return store::MonitorEvent{.at_s = 1'700'000'040,
                               .group = std::move(group),
                               .from = from,
                               .to = to,
                               .value = 12.5,
                               .what = std::move(what)};
  };
  return {.monitor = 7,
          .at_s = 1'700'000'040,
          .events = {change("env:prod,host:a", MonitorStatus::ok, MonitorStatus::alert),
                     change("*", MonitorStatus::alert, MonitorStatus::ok, "muted"),
                     change("x:1", MonitorStatus::alert, MonitorStatus::alert, "reminded"),
                     change("x:2", MonitorStatus::unknown, MonitorStatus::ok),
                     change("x:3", MonitorStatus::alert, MonitorStatus::alert, "gone")}};
}

TEST(Happened, WhatChangedIsAnEvent) {
  Definition definition{.name = "Too slow", .query_text = "avg(last_5m):avg:a{*} > 5"};
  definition.tags = {"team:ia"};
  const auto events = events_of(look(), definition, "http://here");
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].title, "[Triggered on {env:prod,host:a}] Too slow");
  EXPECT_EQ(events[0].text, "ok → alert, 12.5\navg(last_5m):avg:a{*} > 5\nhttp://here/monitors/7");
  EXPECT_EQ(events[0].alert_type, "error");
  EXPECT_EQ(events[0].source_type, "alert");
  EXPECT_EQ(events[0].time.value, 1'700'000'040 * kNanosPerSecond);
  EXPECT_THAT(events[0].tags, ElementsAre("team:ia", "env:prod", "host:a", "source:catalejo",
                                          "monitor_id:7", "monitor_status:alert"));
  EXPECT_EQ(events[1].title, "[Recovered] Too slow");
  EXPECT_EQ(events[1].alert_type, "success");
  EXPECT_EQ(events[2].title, "[Forgotten on {x:3}] Too slow");
}

TEST(Happened, TheSameLookGivesTheSameIds) {
  const Definition definition{.name = "Too slow"};
  const auto once = events_of(look(), definition, ""), again = events_of(look(), definition, "");
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_TRUE(once[i].repeatable);
    EXPECT_EQ(once[i].id, again[i].id);
  }
  EXPECT_NE(once[0].id, once[1].id);
}

}  // namespace
}  // namespace catalejo::monitor
