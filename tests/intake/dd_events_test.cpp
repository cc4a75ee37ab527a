// Events and service checks over HTTP: what bodies of API clients and Agents mean.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/dd_events/events.hpp"

namespace catalejo::intake::dd_events {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr UnixNanos kNow{1'700'000'000'500'000'000};

TEST(Events, AnEventIsReadAsTheApiSaysIt) {
  const auto parsed = parse_event(
      R"({"title":"deployed","text":"version 2","date_happened":1699999000.7,"host":"web",)"
      R"("aggregation_key":"k","priority":"low","alert_type":"success","tags":["env:prod"],)"
      R"("source_type_name":"jenkins","device_name":"sda","related_event_id":7})",
      kNow);
  ASSERT_TRUE(parsed) << to_string(parsed.error());
  ASSERT_EQ(parsed->batch.events.size(), 1u);
  const model::Event& event = parsed->batch.events[0];
  EXPECT_EQ(event.title, "deployed");
  EXPECT_EQ(event.text, "version 2");
  EXPECT_EQ(event.time.value, 1'699'999'000 * kNanosPerSecond);
  EXPECT_EQ(event.host, "web");
  EXPECT_EQ(event.aggregation_key, "k");
  EXPECT_EQ(event.source_type, "jenkins");
  EXPECT_THAT(event.tags, ElementsAre("env:prod", "device:sda"));
  EXPECT_TRUE(event.repeatable);
  EXPECT_THAT(parsed->answer, HasSubstr(R"("id":)" + std::to_string(event.id)));
  EXPECT_THAT(parsed->answer, HasSubstr(R"("status":"ok")"));
}

TEST(Events, TheSameEventHasTheSameId) {
  const auto id = [](const char* body, UnixNanos now) {
    return parse_event(body, now)->batch.events.at(0).id;
  };
  const char* body = R"({"title":"a","text":"b"})";
  EXPECT_EQ(id(body, kNow), id(body, kNow));
  EXPECT_NE(id(body, kNow), id(body, {kNow.value + kNanosPerSecond}));
  EXPECT_NE(id(body, kNow), id(R"({"title":"a","text":"c"})", kNow));
}

TEST(Events, WhatMeansNothingIsRefusedWithItsReason) {
  const auto reason = [](const char* body) {
    const auto parsed = parse_event(body, kNow);
    if (!parsed) return std::string("error");
    EXPECT_TRUE(parsed->batch.events.empty() && parsed->refused) << body;
    EXPECT_EQ(parsed->batch.events_received, 1u);
    return parsed->batch.events_rejected.begin()->first;
  };
  EXPECT_EQ(reason(R"({"text":"b"})"), "no_title");
  EXPECT_EQ(reason(R"({"title":"","text":"b"})"), "no_title");
  EXPECT_EQ(reason(R"({"title":5})"), "wrong_type");
  EXPECT_EQ(reason(R"({"title":"a","tags":"x"})"), "wrong_type");
  EXPECT_EQ(reason(R"({"title":"a","tags":[1]})"), "wrong_type");
  EXPECT_EQ(reason(R"({"title":"a","date_happened":"noon"})"), "wrong_type");
  EXPECT_EQ(reason(R"({"title":"a","date_happened":1e300})"), "wrong_type");
  EXPECT_EQ(reason(R"({"title":"a","priority":"urgent"})"), "priority");
  EXPECT_EQ(reason(R"({"title":"a","alert_type":"bad"})"), "alert_type");
  for (const char* body : {"", "[]", "5", "{", "null", "\"x\""}) EXPECT_EQ(reason(body), "error");
}

TEST(ServiceChecks, AreOneOrAList) {
  const auto one = parse_check_run(
      R"({"check":"db.up","host_name":"db","status":2,"timestamp":1699999000,"message":"m",)"
      R"("tags":["env:prod"]})",
      kNow);
  ASSERT_TRUE(one);
  ASSERT_EQ(one->batch.events.size(), 1u);
  const model::Event& check = one->batch.events[0];
  EXPECT_EQ(check.kind, model::EventKind::service_check);
  EXPECT_EQ(check.title, "db.up");
  EXPECT_EQ(check.host, "db");
  EXPECT_EQ(check.status, model::CheckStatus::critical);
  EXPECT_EQ(check.text, "m");
  const auto list = parse_check_run(
      R"([{"check":"a","status":0},{"check":"b"},{"check":"c","status":4},{"status":0},7,)"
      R"({"check":"d","status":"0"},{"check":"e","status":3}])",
      kNow);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->batch.events.size(), 2u);
  EXPECT_EQ(list->batch.events_received, 7u);
  EXPECT_THAT(list->batch.events_rejected,
              ElementsAre(Pair("check_status", 3), Pair("no_name", 1), Pair("wrong_type", 1)));
  EXPECT_EQ(list->batch.events[0].time.value, 1'700'000'000 * kNanosPerSecond);
  for (const char* body : {"", "7", "nonsense"}) EXPECT_FALSE(parse_check_run(body, kNow)) << body;
}

TEST(AgentIntake, ItsEventsAreTakenAndTheRestIsLeft) {
  const auto parsed = parse_agent_intake(
      R"({"apiKey":"k","internalHostname":"h","meta":{"x":[1]},"events":{"docker":[)"
      R"({"msg_title":"started","msg_text":"nginx","timestamp":1699999000,"alert_type":"info"}],)"
      R"("api":[{"msg_title":"b","source_type_name":"chef"},{"msg_text":"no title"}],"bad":7}})",
      kNow);
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->batch.events.size(), 2u);
  EXPECT_EQ(parsed->batch.events[0].title, "started");
  EXPECT_EQ(parsed->batch.events[0].source_type, "docker");
  EXPECT_EQ(parsed->batch.events[1].source_type, "chef");
  EXPECT_THAT(parsed->batch.events_rejected, ElementsAre(Pair("no_title", 1)));
  EXPECT_EQ(parse_agent_intake(R"({"internalHostname":"h"})", kNow)->batch.events_received, 0u);
}

}  // namespace
}  // namespace catalejo::intake::dd_events
