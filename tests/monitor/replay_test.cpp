#include "monitor/replay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "monitor/shipped.hpp"

namespace catalejo::monitor {
namespace {

TEST(Replay, GoesOnFromWhatItGave) {
  Replay replay;
  replay.members.resize(1);
  MonitorGroup group{.name = "env:\"prod\"\n"};
  group.status = MonitorStatus::alert;
  group.since_s = 1'700'000'000;
  group.told = MonitorStatus::warn;
  group.triggered_s = 5;
  group.value = 0.1;
  replay.monitor.known.monitor.looked_s = 60;
  replay.monitor.known.groups = {group, MonitorGroup{.name = "*"}};
  Replay again;
  again.members.resize(1);
  const auto read = decode_groups(encode_groups(replay), again);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(again.monitor.known.groups, replay.monitor.known.groups);
  EXPECT_EQ(again.monitor.known.monitor.looked_s, 60);
  EXPECT_TRUE(again.members.front().known.groups.empty());
}

TEST(Replay, RefusesWhatItDidNotGive) {
  for (const char* const text :
       {"{}", "[]", "[{},{}]", R"([{"looked":-1,"groups":{}},{"looked":0,"groups":{}}])",
        R"([{"looked":0,"groups":{"a":[9,0,0,0,0,0,0,0,0,0,null]}},{"looked":0,"groups":{}}])",
        R"([{"looked":0,"groups":{"a":[1,-1,0,0,0,0,0,0,0,0,null]}},{"looked":0,"groups":{}}])",
        R"([{"looked":0,"groups":{"a":[1,0]}},{"looked":0,"groups":{}}])", "x"}) {
    Replay replay;
    replay.members.resize(1);
    EXPECT_FALSE(decode_groups(text, replay)) << text;
  }
}

TEST(Shipped, AreWatchedAndWhollyUnderstood) {
  for (const ShippedMonitor& one : shipped_monitors()) {
    const auto definition = read_definition(std::string(one.json), false);
    ASSERT_TRUE(definition) << one.key << ": " << to_string(definition.error());
    EXPECT_TRUE(definition->is_watched());
    EXPECT_THAT(definition->unsupported, testing::IsEmpty());
    EXPECT_THAT(definition->by(), testing::ElementsAre("name"));
    EXPECT_GE(definition->evaluation_delay_s, 300) << "Azure's points come late";
  }
}

}  // namespace
}  // namespace catalejo::monitor
