#include "monitor/channel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "monitor/channel_requests.hpp"
#include "monitor/courier.hpp"

namespace catalejo::monitor {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Notice notice(const char* transition = "Triggered", const char* type = "error") {
  return {{"ID", "k1"},
          {"EVENT_TITLE", "[Triggered] <CPU> & \"ñ\""},
          {"EVENT_MSG", "It is **hot**\n& more"},
          {"ALERT_TRANSITION", transition},
          {"ALERT_TYPE", type},
          {"ALERT_SCOPE", "host:a"},
          {"ALERT_PRIORITY", "P2"},
          {"AGGREG_KEY", "monitor-12-host:a"},
          {"DATE_POSIX", "1700000000"},
          {"LINK", "https://c.example/monitors/12"},
          {"TAGS", "env:prod,team:x"}};
}

struct Json {
  explicit Json(const std::string& text) {
    EXPECT_EQ(parser.parse(text).get(root), simdjson::SUCCESS) << text;
  }
  std::string at(const char* pointer) const {
    std::string_view text;
    EXPECT_EQ(root.at_pointer(pointer).get(text), simdjson::SUCCESS) << pointer;
    return std::string(text);
  }
  bool has(const char* pointer) const {
    return root.at_pointer(pointer).error() == simdjson::SUCCESS;
  }
  simdjson::dom::parser parser;
  simdjson::dom::element root;
};

TEST(Channel, SettingsAreThoseOfItsKind) {
  const struct {
    const char *channel, *settings;
  } good[] = {
      {"slack-ops", R"({"url":"https://hooks.slack.com/services/T/B/x"})"},
      {"teams-ops", R"({"url":"https://x.example/workflows/1"})"},
      {"pagerduty-Sea", R"({"integration_key":"0123456789abcdef0123456789abcdef"})"},
      {"opsgenie-a.b_c", R"({"api_key":"k","url":"https://api.eu.opsgenie.com"})"},
      {"email-team", R"({"to":"ana@example.org, bo@example.org"})"},
      {"email-own",
       R"({"to":"a@b.c","url":"smtps://mail.example","from":"c@example.org","user":"u","password":"a b"})"},
      {"webhook-x", R"({"url":"http://127.0.0.1/x","payload":"{}"})"},
  };
  for (const auto& [channel, settings] : good) {
    const auto read = read_settings(channel, settings);
    ASSERT_TRUE(read) << channel << ": " << to_string(read.error());
    const auto again = read_settings(channel, encode_settings(*read));
    ASSERT_TRUE(again) << channel;
    EXPECT_EQ(*again, *read);
  }
  const struct {
    const char *channel, *settings, *where;
  } wrong[] = {
      {"pigeon-a", "{}", "name"},
      {"slack", "{}", "name"},
      {"slack-", R"({"url":"https://x"})", "name"},
      {"slack-a b", R"({"url":"https://x"})", "name"},
      {"slack-a", "[]", "settings"},
      {"slack-a", "{}", "url"},
      {"slack-a", R"({"url":""})", "url"},
      {"slack-a", R"({"url":"ftp://x"})", "url"},
      {"slack-a", R"({"url":"https://x y"})", "url"},
      {"slack-a", R"({"url":5})", "url"},
      {"slack-a", R"({"url":"https://x","token":"y"})", "token"},
      {"pagerduty-a", R"({"url":"https://x"})", "integration_key"},
      {"pagerduty-a", R"({"integration_key":"a\nb"})", "integration_key"},
      {"opsgenie-a", R"({"api_key":"k","url":"x"})", "url"},
      {"email-a", R"({"to":"nobody"})", "to"},
      {"email-a", R"({"to":" , "})", "to"},
      {"email-a", R"({"to":"a@b\r\nX: y@z"})", "to"},
      {"email-a", R"({"to":"a@b","url":"http://x","from":"a@b"})", "url"},
      {"email-a", R"({"to":"a@b","url":"smtp://x"})", "from"},
      {"email-a", R"({"to":"a@b","url":"smtp://x","from":"A <a@b>"})", "from"},
      {"webhook-x", R"({"url":"x"})", "url"},
  };
  for (const auto& [channel, settings, where] : wrong) {
    const auto read = read_settings(channel, settings);
    ASSERT_FALSE(read) << channel << settings;
    EXPECT_EQ(read.error().where, where) << channel << settings;
  }
}

TEST(Channel, WhatIsNoJsonIsRefused) {
  EXPECT_FALSE(read_settings("slack-a", "{"));
}

TEST(Channel, AChangeLeavesWhatItDoesNotName) {
  const ChannelSettings before{{"integration_key", "secret"}, {"url", "https://a"}};
  const auto other = changed_settings("pagerduty-a", before, R"({"url":"https://b"})");
  ASSERT_TRUE(other);
  EXPECT_EQ(*other, (ChannelSettings{{"integration_key", "secret"}, {"url", "https://b"}}));
  const auto less = changed_settings("pagerduty-a", before, R"({"url":null})");
  ASSERT_TRUE(less);
  EXPECT_EQ(*less, (ChannelSettings{{"integration_key", "secret"}}));
  EXPECT_FALSE(changed_settings("pagerduty-a", before, R"({"integration_key":""})"));
}

TEST(Channel, AMailAddressIsOne) {
  const auto channel = channel_of_address("ana@example.org");
  ASSERT_TRUE(channel);
  EXPECT_EQ(channel->kind, "email");
  const auto request = request_of(*channel, notice(), {.url = "smtp://m", .from = "c@x.org"});
  ASSERT_TRUE(request);
  EXPECT_EQ(std::get<net::Mail>(*request).to, std::vector<std::string>{"ana@example.org"});
  EXPECT_FALSE(request_of(*channel, notice(), {})) << "without a server";
  for (const char* name : {"slack-ops", "here", "@", "a@", "@b", "a@b@c", "a b@c", "a@b,c@d"})
    EXPECT_FALSE(channel_of_address(name)) << name;
}

TEST(Slack, SaysItInTheColourOfTheStatus) {
  const auto request = slack_request({{"url", "https://hooks.example/x"}}, notice());
  EXPECT_EQ(request.url, "https://hooks.example/x");
  const Json json(request.body);
  EXPECT_EQ(json.at("/text"),
            "*<https://c.example/monitors/12|[Triggered] &lt;CPU&gt; &amp; \"ñ\">*");
  EXPECT_EQ(json.at("/attachments/0/color"), "danger");
  EXPECT_EQ(json.at("/attachments/0/text"), "It is **hot**\n&amp; more");
  EXPECT_EQ(Json(slack_request({{"url", "x"}}, notice("Warn", "warning")).body)
                .at("/attachments/0/color"),
            "warning");
}

TEST(Teams, SendsACard) {
  const auto request = teams_request({{"url", "https://flow.example/x"}}, notice());
  const Json json(request.body);
  EXPECT_EQ(json.at("/type"), "message");
  EXPECT_EQ(json.at("/attachments/0/contentType"), "application/vnd.microsoft.card.adaptive");
  EXPECT_EQ(json.at("/attachments/0/content/type"), "AdaptiveCard");
  EXPECT_EQ(json.at("/attachments/0/content/body/0/color"), "attention");
  EXPECT_EQ(json.at("/attachments/0/content/body/0/text"), "[Triggered] <CPU> & \"ñ\"");
  EXPECT_EQ(json.at("/attachments/0/content/actions/0/url"), "https://c.example/monitors/12");
}

TEST(PagerDuty, TriggersAndResolvesTheSameIncident) {
  const ChannelSettings settings{{"integration_key", "secret"}};
  const auto begun = pagerduty_request(settings, notice());
  EXPECT_EQ(begun.url, "https://events.pagerduty.com/v2/enqueue");
  const Json trigger(begun.body);
  EXPECT_EQ(trigger.at("/event_action"), "trigger");
  EXPECT_EQ(trigger.at("/routing_key"), "secret");
  EXPECT_EQ(trigger.at("/payload/severity"), "critical");
  EXPECT_EQ(trigger.at("/payload/source"), "host:a");
  const auto over = pagerduty_request({{"integration_key", "secret"}, {"url", "http://x/"}},
                                      notice("Recovered", "success"));
  EXPECT_EQ(over.url, "http://x/v2/enqueue");
  const Json resolve(over.body);
  EXPECT_EQ(resolve.at("/event_action"), "resolve");
  EXPECT_EQ(resolve.at("/dedup_key"), trigger.at("/dedup_key"));
  EXPECT_FALSE(resolve.has("/payload"));
  Notice other = notice();
  other["AGGREG_KEY"] = "monitor-12-host:b";
  EXPECT_NE(Json(pagerduty_request(settings, other).body).at("/dedup_key"),
            trigger.at("/dedup_key"));
}

TEST(Opsgenie, OpensAndClosesTheSameAlert) {
  const ChannelSettings settings{{"api_key", "secret"}};
  const auto begun = opsgenie_request(settings, notice());
  EXPECT_EQ(begun.url, "https://api.opsgenie.com/v2/alerts");
  EXPECT_EQ(net::find_header(begun.headers, "Authorization"), "GenieKey secret");
  const Json alert(begun.body);
  EXPECT_EQ(alert.at("/priority"), "P2");
  EXPECT_EQ(alert.at("/tags/1"), "team:x");
  const auto over = opsgenie_request(settings, notice("Recovered", "success"));
  EXPECT_EQ(over.url, "https://api.opsgenie.com/v2/alerts/" + alert.at("/alias") +
                          "/close?identifierType=alias");
}

TEST(Opsgenie, CutsWhatIsTooLong) {
  Notice long_one = notice();
  long_one["EVENT_TITLE"] = std::string(129, 'x') + "ñ";
  long_one["TAGS"] = std::string(60, 't');
  for (int i = 0; i < 30; ++i) long_one["TAGS"] += ",t" + std::to_string(i);
  const Json alert(opsgenie_request({{"api_key", "k"}}, long_one).body);
  EXPECT_EQ(alert.at("/message"), std::string(129, 'x'));
  EXPECT_EQ(alert.at("/tags/0").size(), 50u);
  EXPECT_TRUE(alert.has("/tags/19"));
  EXPECT_FALSE(alert.has("/tags/20"));
}

TEST(Email, IsAMessageOfAThread) {
  Notice told = notice();
  told["EVENT_TITLE"] = "Hot\r\nBcc: x@y.z ñ" + std::string(100, 'a');
  const auto mail = mail_of({{"to", "ana@example.org,bo@example.org"}}, told,
                            {.url = "smtp://m", .from = "c@x.org"});
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->to, (std::vector<std::string>{"ana@example.org", "bo@example.org"}));
  EXPECT_THAT(mail->message, StartsWith("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
                                        "From: Catalejo <c@x.org>\r\n"
                                        "To: ana@example.org,\r\n bo@example.org\r\n"
                                        "Subject: =?UTF-8?B?"));
  EXPECT_THAT(mail->message, HasSubstr("\r\nMessage-ID: <k1@x.org>\r\n"));
  EXPECT_THAT(mail->message, HasSubstr("\r\nReferences: <" + incident_key(told) + "@x.org>\r\n"));
  EXPECT_EQ(mail->message.find("\nBcc"), std::string::npos);
  std::string_view rest = mail->message;
  while (!rest.empty()) {
    const std::size_t end = rest.find("\r\n");
    ASSERT_NE(end, std::string_view::npos);
    EXPECT_LE(end, 998u);
    rest.remove_prefix(end + 2);
  }
}

TEST(Email, GoesByTheServerOfItsChannel) {
  const auto mail = mail_of({{"to", "a@b.c"},
                             {"url", "smtps://own"},
                             {"user", "u"},
                             {"password", "p"},
                             {"from", "d@own"}},
                            notice(), {.url = "smtp://m", .from = "c@x.org"});
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->server.url, "smtps://own");
  EXPECT_EQ(mail->server.password, "p");
  EXPECT_EQ(mail->server.from, "d@own");
}

TEST(Courier, WaitsLongerEachTime) {
  EXPECT_EQ(pause_ms(1), 5'000);
  EXPECT_EQ(pause_ms(2), 10'000);
  EXPECT_EQ(pause_ms(30), 600'000);
}

TEST(Courier, SaysThatNobodyAnswers) {
  net::Client client({.timeout_ms = 1'000});
  const net::MailServer mail{.url = "smtp://127.0.0.1:1", .from = "c@x.org"};
  const Means means{.client = client, .mail = mail};
  store::Channel channel{.name = "webhook-a",
                         .kind = "webhook",
                         .settings = R"({"name":"a","url":"http://127.0.0.1:1/x"})",
                         .author = {},
                         .modified = {}};
  Sent sent = send(means, channel, encode(notice()));
  EXPECT_FALSE(sent.delivered);
  EXPECT_TRUE(sent.again);
  EXPECT_THAT(sent.problem, HasSubstr("no answer"));
  sent = send(means, *channel_of_address("ana@example.org"), encode(notice()));
  EXPECT_TRUE(sent.again);
  EXPECT_THAT(sent.problem, HasSubstr("no answer"));
  channel.kind = "pigeon";
  sent = send(means, channel, encode(notice()));
  EXPECT_FALSE(sent.again);
  EXPECT_THAT(sent.problem, HasSubstr("pigeon"));
}

}  // namespace
}  // namespace catalejo::monitor
