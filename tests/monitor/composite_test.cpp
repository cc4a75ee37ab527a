#include "monitor/composite.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "monitor/look.hpp"

namespace catalejo::monitor {
namespace {

using model::MonitorGroup;
using model::MonitorStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using enum model::MonitorStatus;

// Of monitors 1, 2, 3.
MonitorStatus come_to(std::string_view query, std::vector<MonitorStatus> statuses) {
  const auto composite = parse_composite(query);
  EXPECT_TRUE(composite) << to_string(composite.error());
  if (!composite) return unknown;
  std::vector<MonitorStatus> members;
  for (const std::int64_t id : composite->members)
    members.push_back(statuses[static_cast<std::size_t>(id) - 1]);
  return status_of(*composite, members);
}

TEST(Composite, ComesToWhatDatadogsTableSays) {
  EXPECT_EQ(come_to("1 && 2", {alert, warn}), warn);
  EXPECT_EQ(come_to("1 || 2", {alert, warn}), alert);
  EXPECT_EQ(come_to("1 && 2", {alert, ok}), ok);
  EXPECT_EQ(come_to("1 || 2", {alert, ok}), alert);
  EXPECT_EQ(come_to("1 && 2", {warn, ok}), ok);
  EXPECT_EQ(come_to("1 || 2", {warn, ok}), warn);
  EXPECT_EQ(come_to("1 && 2", {no_data, warn}), no_data);
  EXPECT_EQ(come_to("1 || 2", {no_data, warn}), warn);
  EXPECT_EQ(come_to("1 && 2", {no_data, ok}), ok);
  EXPECT_EQ(come_to("1 || 2", {no_data, ok}), no_data);
  EXPECT_EQ(come_to("1 || 2", {ok, ok}), ok);
  EXPECT_EQ(come_to("!1", {no_data}), no_data);
  EXPECT_EQ(come_to("!1", {alert}), ok);
  EXPECT_EQ(come_to("!1", {warn}), ok);
  EXPECT_EQ(come_to("!1", {ok}), alert);
}

TEST(Composite, SaysNothingThatDependsOnWhatIsNotKnown) {
  EXPECT_EQ(come_to("1 && 2", {unknown, alert}), unknown);
  EXPECT_EQ(come_to("1 && 2", {unknown, ok}), ok);
  EXPECT_EQ(come_to("1 || 2", {unknown, alert}), alert);
  EXPECT_EQ(come_to("1 || 2", {unknown, ok}), unknown);
  EXPECT_EQ(come_to("!1", {unknown}), unknown);
}

TEST(Composite, BindsNotTighterThanAndTighterThanOr) {
  EXPECT_EQ(come_to("1 || 2 && 3", {alert, ok, ok}), alert);
  EXPECT_EQ(come_to("(1 || 2) && 3", {alert, ok, ok}), ok);
  EXPECT_EQ(come_to("1 && 2 || 3", {ok, ok, alert}), alert);
  EXPECT_EQ(come_to("1 && (2 || 3)", {ok, ok, alert}), ok);
  EXPECT_EQ(come_to("!1 && 2", {ok, alert}), alert);
  EXPECT_EQ(come_to("!(1 && 2)", {ok, alert}), alert);
  EXPECT_EQ(come_to(" ( ( 1 ) )&&!!2 ", {alert, alert}), alert);
  EXPECT_EQ(come_to("1 && 2 && 1", {alert, warn}), warn);
}

TEST(Composite, SaysWhereItIsWrong) {
  const auto error = [](std::string_view text) {
    const auto composite = parse_composite(text);
    return composite ? std::string("it was taken") : composite.error().message;
  };
  for (const std::string_view text : {"", "1 &&", "&& 1", "1 && && 2", "!", "a && b", "(", "0",
                                      "-1", "1 || 99999999999999999999", "()"})
    EXPECT_THAT(error(text), HasSubstr("number of a monitor")) << text;
  EXPECT_THAT(error("1 & 2"), HasSubstr("&& or ||"));
  EXPECT_THAT(error("1 2"), HasSubstr("&& or ||"));
  EXPECT_THAT(error("1 !2"), HasSubstr("&& or ||"));
  EXPECT_THAT(error("(1 && 2"), HasSubstr("not closed"));
  EXPECT_THAT(error("1)"), HasSubstr("not opened"));
  EXPECT_THAT(error("1||2||3||4||5||6||7||8||9||10||11"), HasSubstr("at most 10"));
  std::string often = "1";
  for (std::size_t i = 0; i < limits::composite_steps_max; ++i) often += "||1";
  EXPECT_THAT(error(often), HasSubstr("too often"));
  EXPECT_THAT(error(std::string(100'000, '(')), HasSubstr("too often"));
}

MonitorGroup group(std::string name, MonitorStatus status) {
  MonitorGroup made{.name = std::move(name)};
  made.status = status;
  return made;
}

std::string shown(std::string_view query, const std::vector<Member>& members) {
  const auto composite = parse_composite(query);
  EXPECT_TRUE(composite);
  std::string text;
  for (const Reading& reading : read_members(*composite, members, 100))
    text += name_of_group(reading.tags) + " " +
            std::string(reading.status ? word_of(*reading.status) : "none") + ";";
  return text;
}

TEST(Composite, OfMembersWithGroupsTakesThoseThatAllHave) {
  const Member one{.name = "one", .by = {}, .groups = {group("*", alert)}};
  const Member hosts{
      .name = "hosts", .by = {"host"}, .groups = {group("host:a", alert), group("host:b", warn)}};
  const Member others{
      .name = "others", .by = {"node"}, .groups = {group("node:b", alert), group("node:c", alert)}};
  const Member disks{.name = "disks",
                     .by = {"device", "host"},
                     .groups = {group("device:x,host:a", warn), group("device:y,host:d", warn)}};
  const Member urls{.name = "urls", .by = {"host", "url"}, .groups = {group("host:a,url:u", warn)}};
  EXPECT_EQ(shown("1 && 2", {one, one}), "* Alert;");
  EXPECT_EQ(shown("1 && 2", {one, hosts}), "host:a Alert;host:b Warn;");
  EXPECT_EQ(shown("1 && 2", {hosts, others}), "host:b Warn;") << "by values, not by keys";
  EXPECT_EQ(shown("1 && 2", {hosts, disks}), "device:x,host:a Warn;");
  EXPECT_EQ(shown("1 && 2", {disks, urls}), "");
  EXPECT_EQ(shown("1 && 2 && 3", {disks, one, hosts}), "device:x,host:a Warn;");
  const Member fresh{.name = "fresh", .by = {}, .groups = {}};
  EXPECT_EQ(shown("1 && 2", {one, fresh}), "* none;");
}

TEST(Composite, OfALookTellsWithTheWordsOfItsMembers) {
  const auto definition = read_definition(
      R"({"name":"both","type":"composite","query":"7 && 8",
          "message":"{{a.name}} {{a.value}} {{b.status}}{{threshold}} @webhook-x"})",
      false);
  ASSERT_TRUE(definition) << to_string(definition.error());
  EXPECT_THAT(definition->composite->members, ElementsAre(7, 8));
  MonitorGroup hot = group("*", alert);
  hot.value = 31.5;
  const std::vector<Member> members{{.name = "hot", .by = {}, .groups = {hot}},
                                    {.name = "slow", .by = {}, .groups = {group("*", warn)}}};
  Known known;
  const auto look =
      advance({}, *definition, known, read_members(*definition->composite, members, 600), 600);
  ASSERT_EQ(look.notices.size(), 1u);
  const auto said = decode(look.notices.front().body);
  ASSERT_TRUE(said);
  EXPECT_EQ(said->at("EVENT_MSG"), "hot 31.5 Warn");
  EXPECT_EQ(said->at("ALERT_STATUS"), "Warn");
  // What its members no longer have in common is no group of it.
  const auto gone = advance({}, *definition, known, {}, 660);
  EXPECT_THAT(gone.gone, ElementsAre("*"));
}

TEST(Composite, WithoutDataIsAsItWasUnlessItIsToBeTold) {
  for (const auto& [options, expected] : {std::pair{"{}", alert},
                                          {R"({"notify_no_data":true})", no_data},
                                          {R"({"on_missing_data":"show_no_data"})", no_data},
                                          {R"({"on_missing_data":"resolve"})", ok}}) {
    const auto definition = read_definition(
        std::string(R"({"name":"n","type":"composite","query":"1","options":)") + options + "}",
        false);
    ASSERT_TRUE(definition);
    Known known;
    for (const auto& [status, at_s] : {std::pair{alert, 600}, {no_data, 660}}) {
      const std::vector<Member> members{{.name = "m", .by = {}, .groups = {group("*", status)}}};
      advance({}, *definition, known, read_members(*definition->composite, members, at_s), at_s);
    }
    EXPECT_EQ(known.groups.front().status, expected) << options;
  }
}

TEST(Composite, NamesWhatCannotBeAMember) {
  EXPECT_EQ(no_member(5, nullptr), "there is no monitor 5");
  const auto composite = read_definition(R"({"name":"n","type":"composite","query":"1"})", false);
  EXPECT_THAT(no_member(5, &*composite), HasSubstr("composite itself"));
  const auto logs = read_definition(R"({"name":"n","type":"log alert","query":"x"})", false);
  EXPECT_THAT(no_member(5, &*logs), HasSubstr("not watched"));
  const auto metric = read_definition(
      R"({"name":"n","type":"query alert","query":"avg(last_5m):avg:a{*} > 1"})", false);
  EXPECT_EQ(no_member(5, &*metric), "");
}

}  // namespace
}  // namespace catalejo::monitor
