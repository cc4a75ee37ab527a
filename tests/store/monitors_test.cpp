#include "store/monitors.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::store {
namespace {

using model::MonitorGroup;
using model::MonitorStatus;

Monitor named(std::string name) {
  return {.name = std::move(name),
          .type = "query alert",
          .query = "avg(last_5m):avg:a{*} > 1",
          .body = "{}",
          .author = "ana"};
}

MonitorNotice notice_of(const Monitor& monitor, std::string key, std::string group = "*") {
  return {.key = std::move(key),
          .monitor = monitor.id,
          .group = std::move(group),
          .channel = "webhook-a",
          .body = "{}",
          .next_ms = 1'000,
          .created_ms = 1'000};
}

struct Open {
  std::unique_ptr<Monitors> monitors = *Monitors::open(":memory:");
  Monitor monitor = *monitors->put(named("cpu"));

  MonitorLook look(std::int64_t at_s) const {
    return {.monitor = monitor.id, .modified = monitor.modified, .at_s = at_s};
  }
};

TEST(Monitors, AreKeptChangedAndRemoved) {
  Open open;
  EXPECT_GT(open.monitor.id, 0);
  Monitor changed = open.monitor;
  changed.name = "CPU";
  changed.author = "luis";
  ASSERT_TRUE(open.monitors->put(changed));
  const auto again = open.monitors->get(open.monitor.id);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->name, "CPU");
  EXPECT_EQ(again->author, "ana") << "of the first version";
  EXPECT_EQ(open.monitors->list()->size(), 1u);
  ASSERT_TRUE(open.monitors->remove(open.monitor.id));
  EXPECT_EQ(open.monitors->get(open.monitor.id).error().code, Code::not_found);
  EXPECT_EQ(open.monitors->remove(open.monitor.id).error().code, Code::not_found);
  EXPECT_EQ(open.monitors->put(changed).error().code, Code::not_found);
  EXPECT_FALSE(open.monitors->put(named("")));
  EXPECT_FALSE(open.monitors->put(named(std::string(limits::monitor_name_bytes_max + 1, 'x'))));
  const auto next = open.monitors->put(named("another"));
  ASSERT_TRUE(next);
  EXPECT_GT(next->id, open.monitor.id) << "an id is never given twice";
}

TEST(Monitors, KeepALookWhole) {
  Open open;
  const MonitorGroup group{.name = "host:a",
                           .status = MonitorStatus::alert,
                           .since_s = 60,
                           .told = MonitorStatus::alert,
                           .told_s = 60,
                           .told_times = 2,
                           .appeared_s = 30,
                           .points_since_s = 10,
                           .points_s = 60,
                           .triggered_s = 60,
                           .retriggered_s = 60,
                           .value = 1.5};
  MonitorGroup empty{.name = "host:b"};
  MonitorLook look = open.look(60);
  look.groups = {group, empty};
  look.events = {{.at_s = 60,
                  .group = "host:a",
                  .from = MonitorStatus::ok,
                  .to = MonitorStatus::alert,
                  .value = 1.5,
                  .what = "changed"}};
  look.notices = {notice_of(open.monitor, "k1", "host:a")};
  ASSERT_TRUE(open.monitors->keep({look}));
  const auto groups = open.monitors->groups(open.monitor.id);
  ASSERT_TRUE(groups);
  ASSERT_EQ(groups->size(), 2u);
  EXPECT_EQ((*groups)[0], group);
  EXPECT_EQ((*groups)[1], empty);
  EXPECT_EQ(open.monitors->get(open.monitor.id)->looked_s, 60);
  EXPECT_EQ(open.monitors->counts()->notices_waiting, 1);

  // The same look again, as after a crash: its notice is known by its key.
  ASSERT_TRUE(open.monitors->keep({look}));
  EXPECT_EQ(open.monitors->counts()->notices_waiting, 1);
  const auto events = open.monitors->events(open.monitor.id, 0, 10);
  ASSERT_TRUE(events);
  EXPECT_EQ(events->front().value, 1.5);

  MonitorLook gone = open.look(120);
  gone.gone = {"host:b"};
  ASSERT_TRUE(open.monitors->keep({gone}));
  EXPECT_EQ(open.monitors->groups(open.monitor.id)->size(), 1u);
}

TEST(Monitors, ALookWithAnOldDefinitionIsNotKept) {
  Open open;
  MonitorLook look = open.look(60);
  look.notices = {notice_of(open.monitor, "k1")};
  ASSERT_TRUE(open.monitors->put(open.monitor));
  ASSERT_TRUE(open.monitors->keep({look}));
  EXPECT_EQ(open.monitors->counts()->notices_waiting, 0);
  EXPECT_EQ(open.monitors->get(open.monitor.id)->looked_s, 0);
}

TEST(Monitors, AnotherQueryForgetsTheGroups) {
  Open open;
  MonitorLook look = open.look(60);
  look.groups = {{.name = "*", .status = MonitorStatus::alert}};
  ASSERT_TRUE(open.monitors->keep({look}));
  Monitor changed = open.monitor;
  changed.body = R"({"message":"x"})";
  ASSERT_TRUE(open.monitors->put(changed));
  EXPECT_EQ(open.monitors->groups(open.monitor.id)->size(), 1u);
  changed.query = "avg(last_5m):avg:b{*} > 1";
  ASSERT_TRUE(open.monitors->put(changed));
  EXPECT_TRUE(open.monitors->groups(open.monitor.id)->empty());
  EXPECT_EQ(open.monitors->get(open.monitor.id)->looked_s, 0);
}

TEST(Monitors, ARecoveryDoesNotOvertakeItsAlert) {
  Open open;
  MonitorLook look = open.look(60);
  look.notices = {notice_of(open.monitor, "alert"), notice_of(open.monitor, "other", "host:b")};
  ASSERT_TRUE(open.monitors->keep({look}));
  look = open.look(120);
  look.notices = {notice_of(open.monitor, "recovery")};
  ASSERT_TRUE(open.monitors->keep({look}));
  EXPECT_TRUE(open.monitors->due(999, 10)->empty()) << "not before its time";
  auto due = open.monitors->due(1'000, 10);
  ASSERT_TRUE(due);
  ASSERT_EQ(due->size(), 2u);
  MonitorNotice alert = due->front();
  EXPECT_EQ(alert.key, "alert");

  // It is not taken: it waits, and what waits behind it does.
  ASSERT_TRUE(open.monitors->begin_attempt(alert));
  alert.next_ms = 5'000;
  alert.problem = "HTTP 503";
  alert.http_status = 503;
  ASSERT_TRUE(open.monitors->end_attempt(alert));
  due = open.monitors->due(4'999, 10);
  ASSERT_EQ(due->size(), 1u);
  EXPECT_EQ(due->front().key, "other");
  due = open.monitors->due(5'000, 10);
  ASSERT_EQ(due->size(), 2u);
  EXPECT_EQ(due->front().key, "other") << "what was tried seldom comes first";
  EXPECT_EQ(due->back().attempts, 1);
  EXPECT_EQ(due->back().problem, "HTTP 503");

  alert.state = MonitorNotice::State::delivered;
  alert.done_ms = 5'001;
  ASSERT_TRUE(open.monitors->end_attempt(alert));
  due = open.monitors->due(5'000, 10);
  EXPECT_EQ(due->back().key, "recovery");
  const auto all = open.monitors->notices(open.monitor.id, 0, 10);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 3u);
  EXPECT_EQ(open.monitors->notices(0, all->front().id, 10)->size(), 2u);
}

TEST(Monitors, OldEventsGoAndWaitingNoticesStay) {
  Open open;
  MonitorLook look = open.look(60);
  look.events = {{.at_s = 60, .group = "*", .what = "changed"}};
  look.notices = {notice_of(open.monitor, "waits"), notice_of(open.monitor, "done", "host:a")};
  look.notices[1].state = MonitorNotice::State::given_up;
  ASSERT_TRUE(open.monitors->keep({look}));
  ASSERT_TRUE(open.monitors->prune({100 * kNanosPerSecond}));
  EXPECT_TRUE(open.monitors->events(open.monitor.id, 0, 10)->empty());
  ASSERT_EQ(open.monitors->notices(0, 0, 10)->size(), 1u);
  EXPECT_EQ(open.monitors->notices(0, 0, 10)->front().key, "waits");
}

TEST(Channels, AreKeptChangedAndRemoved) {
  Open open;
  Channel channel{.name = "webhook-a", .kind = "webhook", .settings = "{}", .author = "ana"};
  ASSERT_TRUE(open.monitors->put_channel(channel, true));
  EXPECT_FALSE(open.monitors->put_channel(channel, true)) << "there is one already";
  channel.settings = R"({"a":1})";
  ASSERT_TRUE(open.monitors->put_channel(channel, false));
  EXPECT_EQ(open.monitors->channel("webhook-a")->settings, R"({"a":1})");
  EXPECT_EQ(open.monitors->channels()->size(), 1u);
  channel.name = "webhook-b";
  EXPECT_EQ(open.monitors->put_channel(channel, false).error().code, Code::not_found);
  ASSERT_TRUE(open.monitors->remove_channel("webhook-a"));
  EXPECT_EQ(open.monitors->remove_channel("webhook-a").error().code, Code::not_found);
}

}  // namespace
}  // namespace catalejo::store
