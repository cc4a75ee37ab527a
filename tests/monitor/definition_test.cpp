#include "monitor/definition.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace catalejo::monitor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<Definition> read(const std::string& options,
                        const std::string& query = "avg(last_5m):avg:cpu{*} > 90") {
  return read_definition(
      fmt::format(R"({{"name":"n","type":"metric alert","query":"{}","options":{}}})", query,
                  options),
      false);
}

std::string refused(const std::string& options,
                    const std::string& query = "avg(last_5m):avg:cpu{*} > 90") {
  const auto made = read(options, query);
  return made ? "it was taken" : made.error().where + " " + made.error().message;
}

TEST(MonitorQuery, ReadsWindowsComparisonsAndChanges) {
  auto query = parse_query("  sum(last_1d):sum:errors{env:prod} by {host}.as_count() >= 5.5 ");
  ASSERT_TRUE(query) << to_string(query.error());
  EXPECT_EQ(query->window_s, 86'400);
  EXPECT_EQ(query->compare, Compare::at_least);
  EXPECT_EQ(query->critical, 5.5);
  EXPECT_TRUE(query->counts());
  EXPECT_TRUE(query->grouped());

  query = parse_query("pct_change(avg(last_5m),last_1h):avg:cpu{*} < -50");
  ASSERT_TRUE(query) << to_string(query.error());
  EXPECT_EQ(query->change, Change::percent);
  EXPECT_EQ(query->change_s, 3'600);
  EXPECT_EQ(query->critical, -50);
  query = parse_query("change(max(last_1h),1d_ago):avg:cpu{*} > 1");
  ASSERT_TRUE(query) << to_string(query.error());
  EXPECT_EQ(query->change_s, 86'400);

  query = parse_query("max(next_1w):forecast(avg:disk{*}, 'linear', 1) >= 90");
  ASSERT_TRUE(query) << to_string(query.error());
  EXPECT_TRUE(query->future);
  EXPECT_EQ(query->band(), "forecast");

  for (const auto& [sign, compare] : {std::pair{">", Compare::above},
                                      {"<", Compare::below},
                                      {"<=", Compare::at_most},
                                      {"==", Compare::equal},
                                      {"!=", Compare::unequal}}) {
    query = parse_query(fmt::format("min(last_10m):avg:a{{*}} {} 1e3", sign));
    ASSERT_TRUE(query) << sign;
    EXPECT_EQ(query->compare, compare);
    EXPECT_EQ(query->critical, 1'000);
  }
}

TEST(MonitorQuery, SaysWhereItIsWrong) {
  const auto error = [](std::string_view text) {
    const auto query = parse_query(text);
    return query ? std::string("it was taken") : query.error().message;
  };
  EXPECT_THAT(error(""), HasSubstr("comparison"));
  EXPECT_THAT(error("avg(last_5m):avg:cpu{*}"), HasSubstr("comparison"));
  EXPECT_THAT(error("avg(last_5m):avg:cpu{*} > many"), HasSubstr("a number"));
  EXPECT_THAT(error("avg(last_5m):avg:cpu{*} > nan"), HasSubstr("a number"));
  EXPECT_THAT(error("avg(last_5m):avg:cpu{*} > 5 6"), HasSubstr("a number"));
  EXPECT_THAT(error("median(last_5m):avg:cpu{*} > 5"), HasSubstr("avg, sum, min, max"));
  EXPECT_THAT(error("avg(5 minutes):avg:cpu{*} > 5"), HasSubstr("a window"));
  EXPECT_THAT(error("avg(last_30s):avg:cpu{*} > 5"), HasSubstr("a window"));
  EXPECT_THAT(error("avg(last_99w):avg:cpu{*} > 5"), HasSubstr("a window"));
  EXPECT_THAT(error("avg(last_5m):cpu > 5"), HasSubstr("at character 14"));
  EXPECT_THAT(error("avg(last_5m):avg:a{*}, avg:b{*} > 5"), HasSubstr("not several"));
  EXPECT_THAT(error("avg(last_5m):5 > 5"), HasSubstr("a metric"));
  EXPECT_THAT(error("avg(next_5h):avg:a{*} > 5"), HasSubstr("forecast()"));
  EXPECT_THAT(error("avg(last_5h):forecast(avg:a{*}, 'linear', 1) > 5"), HasSubstr("next_"));
  EXPECT_THAT(error("change(avg(last_5h),last_1h):anomalies(avg:a{*}, 'basic') > 5"),
              HasSubstr("not watched"));
  EXPECT_THAT(error("avg(last_5h):abs(anomalies(avg:a{*}, 'basic')) > 5"), HasSubstr("outermost"));
}

TEST(Definition, IsReadOutOfBothEnvelopesAndKeptWhole) {
  const std::string bare =
      R"({"id":7,"created":"2020","name":"Tokens","type":"query alert","query":)"
      R"("avg(last_12h):anomalies(sum:a{*}.as_count(), 'basic', 2, alert_window='last_30m') >= 1",)"
      R"("message":"{{#is_alert}}x{{/is_alert}}","tags":["integration:openai"],"priority":3,)"
      R"("options":{"thresholds":{"critical":1,"critical_recovery":0},"unknown":[1,{"a":null}],)"
      R"("threshold_windows":{"trigger_window":"last_30m","recovery_window":"last_15m"},)"
      R"("on_missing_data":"show_no_data","notify_by":["*"],"include_tags":false},"large":)"
      R"(12345678901234567})";
  const std::string asset = fmt::format(
      R"({{"version":2,"created_at":"2023","title":"t","tags":[],"definition":{}}})", bare);
  const auto one = read_definition(bare, false), two = read_definition(asset, false);
  ASSERT_TRUE(one) << to_string(one.error());
  ASSERT_TRUE(two) << to_string(two.error());
  EXPECT_EQ(one->body, two->body);
  EXPECT_THAT(one->body, HasSubstr("12345678901234567"));
  EXPECT_THAT(one->body, HasSubstr(R"("unknown":[1,{"a":null}])"));
  EXPECT_THAT(one->body, testing::Not(HasSubstr(R"("id")")));
  EXPECT_EQ(one->priority, 3);
  EXPECT_EQ(one->trigger_window_s, 1'800);
  EXPECT_EQ(one->recovery_window_s, 900);
  EXPECT_EQ(one->missing, Missing::show);
  EXPECT_FALSE(one->title_has_group);
  EXPECT_THAT(one->unsupported, ElementsAre("options.unknown", "options.notify_by", "large"));
}

TEST(Definition, OfAKindThatIsNotWatchedIsKeptAndNamed) {
  const auto made = read_definition(
      R"x({"name":"l","type":"log alert","query":"logs(\"x\").rollup(\"count\").last(\"5m\") > 1"})x",
      false);
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_FALSE(made->query);
  EXPECT_THAT(made->unsupported, ElementsAre("type: log alert"));
}

TEST(Definition, WithAQueryThatIsNotUnderstoodIsOnlyImported) {
  const std::string body =
      R"({"name":"r","type":"query alert","query":"avg(last_5m):moonlight(avg:a{*}) > 1"})";
  EXPECT_FALSE(read_definition(body, false));
  const auto made = read_definition(body, true);
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->query);
  ASSERT_EQ(made->unsupported.size(), 1u);
  EXPECT_THAT(made->unsupported.front(), HasSubstr("moonlight"));
}

TEST(Definition, RefusesWhatMakesNoSense) {
  EXPECT_THAT(refused(R"({"thresholds":{"critical":91}})"), HasSubstr("the query says 90"));
  EXPECT_THAT(refused(R"({"thresholds":{"critical":"x"}})"), HasSubstr("must be a number"));
  EXPECT_THAT(refused(R"({"thresholds":{"warning":95}})"), HasSubstr("warning"));
  EXPECT_THAT(refused(R"({"thresholds":{"critical_recovery":95}})"), HasSubstr("no recovery"));
  EXPECT_THAT(refused(R"({"thresholds":{"warning":80,"warning_recovery":85}})"),
              HasSubstr("no recovery"));
  EXPECT_THAT(refused(R"({"evaluation_delay":-5})"), HasSubstr("evaluation_delay"));
  EXPECT_THAT(refused(R"({"renotify_interval":"often"})"), HasSubstr("renotify_interval"));
  EXPECT_THAT(refused(R"({"on_missing_data":"panic"})"), HasSubstr("on_missing_data"));
  EXPECT_THAT(refused(R"({"require_full_window":"yes"})"), HasSubstr("require_full_window"));
  EXPECT_THAT(refused(R"({"silenced":{"*":"soon"}})"), HasSubstr("silenced"));
  EXPECT_THAT(refused(R"({"threshold_windows":{"trigger_window":"x"}})"), HasSubstr("last_15m"));
  EXPECT_THAT(refused("[]"), HasSubstr("options must be an object"));
  EXPECT_FALSE(read_definition("[]", false));
  EXPECT_FALSE(read_definition("{}", false));
  EXPECT_FALSE(read_definition(R"({"name":"n","type":"query alert"})", false));
  EXPECT_FALSE(read_definition(R"({"name":"n","type":"query alert","query":5})", false));
}

TEST(Definition, TakesWhatEditorsWriteWithoutSayingAnything) {
  const auto made = read(R"({"notify_audit":false,"locked":null,"new_host_delay":300,
      "renotify_interval":null,"timeout_h":0,"escalation_message":"","silenced":{},
      "no_data_timeframe":null,"notify_no_data":false,"renotify_statuses":["alert"]})");
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_THAT(made->unsupported, IsEmpty());
  EXPECT_EQ(made->new_group_delay_s, 0) << "of hosts only";
  const auto hosts = read(R"({"new_host_delay":300})", "avg(last_5m):avg:a{*} by {host} > 1");
  ASSERT_TRUE(hosts);
  EXPECT_EQ(hosts->new_group_delay_s, 300);
}

TEST(Definition, IsMutedByScope) {
  const auto made = read(R"({"silenced":{"env:prod,host:a":null,"env:dev":1000}})",
                         "avg(last_5m):avg:a{*} by {env,host} > 1");
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_TRUE(made->is_muted({"env:prod", "host:a"}, 5'000));
  EXPECT_FALSE(made->is_muted({"env:prod", "host:b"}, 5'000));
  EXPECT_TRUE(made->is_muted({"env:dev", "host:b"}, 999));
  EXPECT_FALSE(made->is_muted({"env:dev", "host:b"}, 1'000));
  const auto all = read(R"({"silenced":{"*":null}})");
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->is_muted({}, 5'000));
}

TEST(Definition, ChangesFieldByField) {
  const auto made = merged(R"({"name":"a","type":"x","kept":[1]})", R"({"name":"b","more":2})");
  ASSERT_TRUE(made);
  EXPECT_EQ(*made, R"({"type":"x","kept":[1],"name":"b","more":2})");
  EXPECT_FALSE(merged("{}", "[]"));
}

TEST(Definition, IsLookedAtAsOftenAsItsWindowNeeds) {
  EXPECT_EQ(read("{}")->pause_s(), 60);
  EXPECT_EQ(read("{}", "avg(last_1d):avg:cpu{*} > 90")->pause_s(), 600);
  EXPECT_EQ(read("{}", "avg(last_2d):avg:cpu{*} > 90")->pause_s(), 1'800);
}

}  // namespace
}  // namespace catalejo::monitor
