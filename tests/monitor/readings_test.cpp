#include "monitor/readings.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "monitor/look.hpp"

namespace catalejo::monitor {
namespace {

using query::metrics::Line;
using query::metrics::Lines;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kEnd = 1'700'000'100;

Definition definition_of(const std::string& query, const std::string& options = "{}") {
  auto made = read_definition(
      fmt::format(R"({{"name":"n {{{{host.name}}}}","type":"query alert","query":"{}",)"
                  R"("message":"{{{{value}}}} @webhook-a @webhook-b","tags":["team:x"],)"
                  R"("options":{}}})",
                  query, options),
      false);
  EXPECT_TRUE(made) << query;
  return made ? *std::move(made) : Definition{};
}

// Values a minute, the last of them before kEnd.
Lines lines_of(std::vector<std::pair<std::string, std::vector<double>>> groups) {
  Lines lines{.grid = {.begin_s = 0, .step_s = 60, .size = groups.front().second.size()}};
  lines.grid.begin_s = kEnd - 60 * static_cast<std::int64_t>(lines.grid.size);
  for (auto& [tag, values] : groups) {
    Line line{.tags = {}, .values = std::move(values)};
    if (!tag.empty()) {
      line.tags = {tag};
      lines.by = {tag.substr(0, tag.find(':'))};
    }
    lines.lines.push_back(std::move(line));
  }
  return lines;
}

std::optional<double> only_value(const Definition& definition, std::vector<Lines> now,
                                 std::vector<Lines> before = {}) {
  const auto readings = read_groups(definition, std::move(now), std::move(before));
  EXPECT_TRUE(readings) << to_string(readings.error());
  EXPECT_EQ(readings->size(), 1u);
  return readings->front().value;
}

TEST(Readings, CountsAreDividedAfterTheyWereAddedUp) {
  // Datadog's documented example: 0.6 and not 3.
  const Lines errors = lines_of({{"", {1, 2, 3, 4, 5}}});
  const Lines calls = lines_of({{"", {5, 5, 5, 5, 5}}});
  EXPECT_EQ(only_value(definition_of("sum(last_5m):sum:errors{*}.as_count() / "
                                     "sum:calls{*}.as_count() > 0.5"),
                       {errors, calls}),
            0.6);
  EXPECT_EQ(only_value(definition_of("sum(last_5m):sum:errors{*}.as_rate() / "
                                     "sum:calls{*}.as_rate() > 0.5"),
                       {errors, calls}),
            3);
}

TEST(Readings, ReduceAWindow) {
  const Lines cpu = lines_of({{"", {1, kNone, 6, 2}}});
  for (const auto& [word, value] :
       {std::pair{"avg", 3.0}, {"sum", 9.0}, {"min", 1.0}, {"max", 6.0}})
    EXPECT_EQ(only_value(definition_of(fmt::format("{}(last_4m):avg:cpu{{*}} > 5", word)), {cpu}),
              value);
}

TEST(Readings, CompareWithBefore) {
  const Lines now = lines_of({{"", {6, 6}}}), before = lines_of({{"", {4, 4}}});
  EXPECT_EQ(only_value(definition_of("change(avg(last_2m),last_1h):avg:a{*} > 5"), {now}, {before}),
            2);
  EXPECT_EQ(
      only_value(definition_of("pct_change(avg(last_2m),last_1h):avg:a{*} > 5"), {now}, {before}),
      50);
  const Lines zero = lines_of({{"", {0, 0}}});
  EXPECT_EQ(
      only_value(definition_of("pct_change(avg(last_2m),last_1h):avg:a{*} > 5"), {now}, {zero}),
      std::nullopt);
}

TEST(Readings, AreOfGroupsWithTheirFirstPoint) {
  const Lines cpu = lines_of({{"host:a", {kNone, 2, 4}}, {"host:b", {kNone, kNone, kNone}}});
  const auto readings =
      read_groups(definition_of("avg(last_3m):avg:cpu{*} by {host} > 5"), {cpu}, {});
  ASSERT_TRUE(readings);
  ASSERT_EQ(readings->size(), 2u);
  EXPECT_EQ((*readings)[0].tags, std::vector<std::string>{"host:a"});
  EXPECT_EQ((*readings)[0].value, 3);
  EXPECT_EQ((*readings)[0].first_s, kEnd - 120);
  EXPECT_EQ((*readings)[1].value, std::nullopt);
  EXPECT_EQ((*readings)[1].first_s, 0);
}

TEST(Readings, WithoutGroupsThereIsAlwaysOne) {
  Lines none = lines_of({{"", {kNone}}});
  none.lines.clear();
  EXPECT_EQ(only_value(definition_of("avg(last_5m):avg:cpu{*} > 5"), {none}), std::nullopt);
  const auto groups =
      read_groups(definition_of("avg(last_5m):avg:cpu{*} by {host} > 5"), {none}, {});
  ASSERT_TRUE(groups);
  EXPECT_TRUE(groups->empty());
}

TEST(Readings, OfAnomaliesAreThePartOutsideOfTheBand) {
  // An hour of ten, then a quarter of an hour of a hundred.
  std::vector<double> values(75, 10);
  for (std::size_t i = 0; i < 60; ++i) values[i] += 0.1 * static_cast<double>(i % 5);
  for (std::size_t i = 60; i < 75; ++i) values[i] = 100;
  Lines tokens = lines_of({{"", values}});
  tokens.grid.before = 30;
  const Definition definition = definition_of(
      "avg(last_45m):anomalies(avg:tokens{*}, 'basic', 3) >= 1",
      R"({"threshold_windows":{"trigger_window":"last_5m","recovery_window":"last_20m"}})");
  const auto readings = read_groups(definition, {tokens}, {});
  ASSERT_TRUE(readings) << to_string(readings.error());
  ASSERT_EQ(readings->size(), 1u);
  ASSERT_TRUE(readings->front().value);
  ASSERT_TRUE(readings->front().recovery);
  EXPECT_GT(*readings->front().value, 0.9);
  EXPECT_LT(*readings->front().recovery, *readings->front().value);
  const Definition below = definition_of(
      "avg(last_45m):anomalies(avg:tokens{*}, 'basic', 3, direction='below') >= 1", "{}");
  EXPECT_EQ(only_value(below, {tokens}), 0);
}

TEST(Readings, OfAForecastAreTheEdgeThatComesNearest) {
  std::vector<double> values;
  for (int i = 0; i < 60; ++i) values.push_back(i);  // one more each minute
  values.resize(120, kNone);
  Lines disk = lines_of({{"", values}});
  disk.grid.before = 60;
  const auto value =
      only_value(definition_of("max(next_1h):forecast(avg:disk{*}, 'linear', 1) >= 90"), {disk});
  ASSERT_TRUE(value);
  EXPECT_NEAR(*value, 119, 10);
}

TEST(Readings, OfOutliersSayWhichGroup) {
  std::vector<std::pair<std::string, std::vector<double>>> hosts;
  for (int i = 0; i < 6; ++i)
    hosts.emplace_back("host:h" + std::to_string(i),
                       std::vector<double>(30, i == 5 ? 500 : 10 + i * 0.1));
  const auto readings =
      read_groups(definition_of("avg(last_30m):outliers(avg:cpu{*} by {host}, 'dbscan', 3) > 0"),
                  {lines_of(std::move(hosts))}, {});
  ASSERT_TRUE(readings);
  for (const Reading& reading : *readings)
    EXPECT_EQ(reading.value, reading.tags.front() == "host:h5" ? 1 : 0) << reading.tags.front();
}

TEST(Asked, AWindowEndsWhereARollupDoes) {
  Asked asked = asked_at(definition_of("avg(last_5m):avg:cpu{*} > 5").query.value(), kEnd + 7);
  EXPECT_EQ(asked.window.to_s, kEnd);
  EXPECT_EQ(asked.window.from_s, kEnd - 300);
  EXPECT_EQ(asked.metrics.front().rollup_s, 10);
  asked = asked_at(definition_of("avg(last_1d):avg:cpu{*} > 5").query.value(), kEnd + 7);
  EXPECT_EQ(asked.metrics.front().rollup_s, 60);
  EXPECT_EQ(asked.window.to_s % 60, 0);
  asked = asked_at(definition_of("avg(last_1d):anomalies(avg:c{*}, 'basic', 2, interval=600) >= 1")
                       .query.value(),
                   kEnd + 7);
  EXPECT_EQ(asked.window.to_s % 600, 0) << "no rollup that is not over";
}

Known fresh() {
  Known known;
  known.monitor.id = 12;
  known.monitor.modified = {5};
  return known;
}

TEST(Look, KeepsStatesEventsAndNoticesTogether) {
  const Definition definition = definition_of("avg(last_3m):avg:cpu{*} by {host} > 5");
  Known known = fresh();
  const std::vector<Reading> high{{.tags = {"host:a"}, .value = 9, .first_s = kEnd - 60},
                                  {.tags = {"host:b"}, .value = 1, .first_s = kEnd - 60},
                                  {.tags = {"host:c"}}};
  store::MonitorLook look = advance({.page_url = "http://here"}, definition, known, high, kEnd);
  ASSERT_EQ(look.groups.size(), 2u) << "what has no point yet is no group";
  EXPECT_EQ(look.groups[0].status, MonitorStatus::alert);
  ASSERT_EQ(look.notices.size(), 2u) << "one for each that is mentioned";
  EXPECT_EQ(look.notices[0].channel, "webhook-a");
  EXPECT_NE(look.notices[0].key, look.notices[1].key);
  const auto notice = decode(look.notices[0].body);
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->at("EVENT_TITLE"), "[Triggered on {host:a}] n a");
  EXPECT_EQ(notice->at("EVENT_MSG"), "9");
  EXPECT_EQ(notice->at("ALERT_STATUS"), "9 > 5");
  EXPECT_EQ(notice->at("LINK"), "http://here/monitors/12");
  EXPECT_EQ(notice->at("TAGS"), "team:x,host:a,monitor");

  // Host a is gone from the answer: its status stays. A second look says nothing more.
  look = advance({}, definition, known, {high[1]}, kEnd + 60);
  EXPECT_TRUE(look.notices.empty());
  EXPECT_TRUE(look.events.empty());
  const std::vector<Reading> low{{.tags = {"host:a"}, .value = 1, .first_s = kEnd}};
  look = advance({}, definition, known, low, kEnd + 120);
  ASSERT_EQ(look.notices.size(), 2u);
  const auto recovery = decode(look.notices[0].body);
  ASSERT_TRUE(recovery);
  EXPECT_EQ(recovery->at("ALERT_TRANSITION"), "Recovered");
  EXPECT_EQ(recovery->at("ALERT_CYCLE_KEY"), notice->at("ALERT_CYCLE_KEY"));
  EXPECT_EQ(recovery->at("ALERT_TYPE"), "success");
}

TEST(Look, MadeAgainSaysTheSameWithTheSameKeys) {
  const Definition definition = definition_of("avg(last_3m):avg:cpu{*} > 5");
  const std::vector<Reading> high{{.tags = {}, .value = 9, .first_s = kEnd - 60}};
  Known one = fresh(), two = fresh();
  const auto first = advance({}, definition, one, high, kEnd);
  const auto second = advance({}, definition, two, high, kEnd);
  ASSERT_EQ(first.notices.size(), 2u);
  EXPECT_EQ(first.notices[0].key, second.notices[0].key);
  EXPECT_EQ(first.notices[0].body, second.notices[0].body);
}

TEST(Look, GroupsAreFoundInTheirNameAgain) {
  EXPECT_THAT(tags_of("env:a,b,host:c", {"env", "host"}), ElementsAre("env:a,b", "host:c"));
  EXPECT_THAT(tags_of("host:x", {"host"}), ElementsAre("host:x"));
  EXPECT_TRUE(tags_of("*", {}).empty());
}

}  // namespace
}  // namespace catalejo::monitor
