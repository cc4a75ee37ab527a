// From datagrams to points: what they mean, and real sockets that they come by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "base/limits.hpp"
#include "intake/statsd_intake.hpp"
#include "intake/statsd_server.hpp"
#include "support/fake_store.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::intake {
namespace {

using model::MetricKind;
using model::MetricPoint;
using testing::ElementsAre;
using testing::Pair;

constexpr UnixNanos kNow{1'700'000'000'000'000'000};

struct Taken {
  std::vector<MetricPoint> points;  // by name, then tags
  model::Rejections dropped;
  std::vector<model::Event> events;
  model::Rejections events_dropped;
};

Taken taken(std::string_view datagram) {
  StatsdIntake intake("here", 100);
  intake.take(datagram, kNow);
  StatsdIntake::Due due = intake.due({kNow.value + 20 * kNanosPerSecond});
  Taken taken{.points = std::move(due.stamped),
              .dropped = std::move(due.dropped),
              .events = std::move(due.events),
              .events_dropped = std::move(due.events_dropped)};
  for (pipeline::MetricInterval& interval : due.intervals)
    for (MetricPoint& point : pipeline::points_of(std::move(interval)))
      taken.points.push_back(std::move(point));
  std::ranges::sort(taken.points, [](const MetricPoint& a, const MetricPoint& b) {
    return std::tie(a.name, a.tags) < std::tie(b.name, b.tags);
  });
  return taken;
}

TEST(StatsdIntake, SumsUpWhatIsOneSeriesHoweverItIsWritten) {
  const Taken got = taken(
      "Page.Views:1|c|#Env:Prod,team:ia\n"
      "Page.Views:2:3|c|@0.5|#team:ia,env:prod\n"
      "Page.Views:5|c|#team:ia,env:prod,host:other");
  ASSERT_EQ(got.points.size(), 2u);
  EXPECT_TRUE(got.dropped.empty());
  std::vector<std::pair<std::string, double>> by_host;
  for (const MetricPoint& point : got.points) {
    EXPECT_EQ(point.name, "Page.Views");
    EXPECT_THAT(point.tags, ElementsAre("env:prod", "team:ia"));
    by_host.emplace_back(point.host, point.value);
  }
  EXPECT_THAT(by_host, testing::UnorderedElementsAre(Pair("here", 11), Pair("other", 5)));
}

TEST(StatsdIntake, TakesEveryTypeForWhatItIs) {
  const Taken got = taken("a:7|g\na:8|g\nb:1|d\nb:3|d|@0.1\nc:ana|s\nc:luis:ana|s");
  ASSERT_EQ(got.points.size(), 3u);
  EXPECT_EQ(got.points[0].value, 8);
  EXPECT_EQ(got.points[1].kind, MetricKind::distribution);
  EXPECT_EQ(got.points[1].sketch.count(), 11);
  EXPECT_EQ(got.points[2].value, 2);
}

TEST(StatsdIntake, WhatHasATimeOfItsOwnKeepsIt) {
  const Taken got = taken("a:7|c|T1600000000|#x:1\na:8|g|T9223372036854775807");
  ASSERT_EQ(got.points.size(), 2u);
  const MetricPoint& old = got.points[0].tags.empty() ? got.points[1] : got.points[0];
  EXPECT_EQ(old.time.value, 1'600'000'000 * kNanosPerSecond);
  EXPECT_EQ(old.value, 7);
}

TEST(StatsdIntake, EventsAndServiceChecksAreTakenWhole) {
  const Taken got = taken(
      "_e{8,14}:deployed|line 1\\nline 2|d:1700000000|h:web|k:key|p:low|s:Jenkins|t:success|"
      "#Env:Prod,mail:a@b.es\n"
      "_e{2,0}:hi|\n"
      "_sc|db.up|2|d:1700000001|h:db-1|#env:prod|m:no answer\\nsince m\\: noon");
  ASSERT_EQ(got.events.size(), 3u);
  EXPECT_TRUE(got.events_dropped.empty() && got.dropped.empty() && got.points.empty());
  const model::Event& event = got.events[0];
  EXPECT_EQ(event.title, "deployed");
  EXPECT_EQ(event.text, "line 1\nline 2");
  EXPECT_EQ(event.time.value, 1'700'000'000 * kNanosPerSecond);
  EXPECT_EQ(event.host, "web");
  EXPECT_EQ(event.aggregation_key, "key");
  EXPECT_EQ(event.priority, "low");
  EXPECT_EQ(event.source_type, "Jenkins");
  EXPECT_EQ(event.alert_type, "success");
  EXPECT_THAT(event.tags, ElementsAre("Env:Prod", "mail:a@b.es"));
  EXPECT_FALSE(event.repeatable);
  EXPECT_EQ(got.events[1].host, "here");
  EXPECT_EQ(got.events[1].time.value, kNow.value);
  EXPECT_NE(got.events[1].id, event.id);
  const model::Event& check = got.events[2];
  EXPECT_EQ(check.kind, model::EventKind::service_check);
  EXPECT_EQ(check.title, "db.up");
  EXPECT_EQ(check.status, model::CheckStatus::critical);
  EXPECT_EQ(check.text, "no answer\nsince m: noon");
  EXPECT_EQ(check.host, "db-1");
}

TEST(StatsdIntake, BytesThatAreNoTextAreReplacedAndAFloodIsCounted) {
  const Taken got = taken("_e{2,1}:\xff\xfe|b|#x:\xff");
  ASSERT_EQ(got.events.size(), 1u);
  EXPECT_EQ(got.events[0].title, "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_THAT(got.events[0].tags, ElementsAre("x:\xef\xbf\xbd"));
  EXPECT_NE(got.events[0].flags & model::flag_invalid_utf8, 0u);
  std::string flood;
  for (std::size_t i = 0; i < limits::events_waiting_max + 7; ++i) flood += "_sc|a|0\n";
  const Taken most = taken(flood);
  EXPECT_EQ(most.events.size(), limits::events_waiting_max);
  EXPECT_THAT(most.events_dropped, ElementsAre(Pair("too_many_events", 7)));
}

TEST(StatsdIntake, AContainerIsATagOnlyWhereItIsAskedFor) {
  const Taken got = taken(
      "a:1|c|c:ci-abc\nb:1|c|c:ci-abc|card:high\nc:1|c|c:in-77|card:high|#dd.internal.entity_id:x");
  ASSERT_EQ(got.points.size(), 3u);
  EXPECT_TRUE(got.points[0].tags.empty());
  EXPECT_THAT(got.points[1].tags, ElementsAre("container_id:abc"));
  EXPECT_TRUE(got.points[2].tags.empty());
}

TEST(StatsdIntake, CountsWhatGoesNoFurtherByReason) {
  std::string many = "a:1|c|#";
  for (int i = 0; i < 10'000; ++i) many += "t" + std::to_string(i) + ",";
  const Taken got = taken(many +
                          "\nb:x|c\nb:nan|g\n\xff\xfe\n:1|c\n1:1|c\nb:1|q\n_e{9,1}:a|b\n_sc|db|7\n"
                          "a:1:oops|c");
  EXPECT_THAT(got.dropped,
              ElementsAre(Pair("no_name", 2), Pair("no_value", 1), Pair("not_a_number", 3),
                          Pair("too_many_tags", 9'900), Pair("unknown_type", 1)));
  EXPECT_THAT(got.events_dropped, ElementsAre(Pair("check_status", 1), Pair("event_lengths", 1)));
  ASSERT_EQ(got.points.size(), 2u);
}

class StatsdSockets : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = StatsdServer::open({.address = "127.0.0.1",
                                      .port = 0,
                                      .datagram_socket = folder_.file("d"),
                                      .stream_socket = folder_.file("s"),
                                      .host = "here",
                                      .series_per_metric_max = 100},
                                     pipeline_, counters_);
    ASSERT_TRUE(opened) << to_string(opened.error());
    server_ = std::move(*opened);
  }

  UniqueFd unix_client(int type, const std::string& path) {
    sockaddr_un to{.sun_family = AF_UNIX, .sun_path = {}};
    std::memcpy(to.sun_path, path.c_str(), path.size() + 1);
    UniqueFd fd(::socket(AF_UNIX, type, 0));
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    return fd;
  }
  UniqueFd udp_client() {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server_->port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    UniqueFd fd(::socket(AF_INET, SOCK_DGRAM, 0));
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    return fd;
  }
  static void send(const UniqueFd& fd, std::string_view bytes) {
    ASSERT_EQ(::send(fd.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  static std::string frame(std::string_view bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    return std::string(reinterpret_cast<const char*>(&size), sizeof size) + std::string(bytes);
  }

  TemporaryFolder folder_;
  FakeStore store_;
  model::Ledger ledger_;
  Counters counters_;
  pipeline::Pipeline pipeline_{store_, ledger_};
  std::unique_ptr<StatsdServer> server_;
};

TEST_F(StatsdSockets, AStopGivesOnWhatWasSentBeforeIt) {
  const UniqueFd udp = udp_client(), datagrams = unix_client(SOCK_DGRAM, folder_.file("d"));
  const UniqueFd stream = unix_client(SOCK_STREAM, folder_.file("s"));
  for (int i = 0; i < 100; ++i) send(udp, "a:1|c");
  send(datagrams, "b:1|g\nc:1|c\nnonsense");
  const std::string frames = frame("d:1|c") + frame("e:1|c");
  send(stream, frames.substr(0, 7));
  send(stream, frames.substr(7));
  server_->stop();
  const model::Account points = ledger_.points();
  EXPECT_EQ(points.received, 6u);
  EXPECT_EQ(points.in_flight, 5u);  // the fake store settles nothing
  EXPECT_THAT(points.rejected, ElementsAre(Pair("no_value", 1)));
  EXPECT_EQ(counters_.counter("catalejo_dogstatsd_values_total").value(), 104u);
  EXPECT_EQ(counters_.counter("catalejo_dogstatsd_packets_total", "socket=\"udp\"").value(), 100u);
}

TEST_F(StatsdSockets, AFrameThatIsNoneEndsItsStreamAlone) {
  const UniqueFd bad = unix_client(SOCK_STREAM, folder_.file("s"));
  const UniqueFd good = unix_client(SOCK_STREAM, folder_.file("s"));
  send(bad, "\xff\xff\xff\xff garbage");
  char byte = 0;
  EXPECT_EQ(::read(bad.get(), &byte, 1), 0);  // closed
  send(good, frame("a:1|c"));
  server_->stop();
  EXPECT_EQ(ledger_.points().in_flight, 1u);
  EXPECT_THAT(ledger_.points().rejected, ElementsAre(Pair("frame_too_long", 1)));
}

TEST_F(StatsdSockets, AnotherServerDoesNotTakeThePortOrTheSocketAway) {
  const auto udp =
      StatsdServer::open({.address = "127.0.0.1", .port = server_->port()}, pipeline_, counters_);
  ASSERT_FALSE(udp);
  EXPECT_EQ(udp.error().code, Code::busy);
  const auto path =
      StatsdServer::open({.datagram_socket = folder_.file("d")}, pipeline_, counters_);
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().code, Code::busy);
}

}  // namespace
}  // namespace catalejo::intake
