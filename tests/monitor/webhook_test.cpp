#include "monitor/webhook.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

namespace catalejo::monitor {
namespace {

Notice notice() {
  return {{"ID", "k1"},
          {"EVENT_TITLE", "[Triggered] \"CPU\"\n50 %"},
          {"EVENT_MSG", "ñ & b=c"},
          {"ALERT_ID", "12"},
          {"TAGS", "env:prod,team:x"}};
}

TEST(Webhook, FillsItsPayload) {
  const auto webhook = read_webhook(
      R"({"name":"ops","url":"https://hooks.example/x","payload":)"
      R"("{\"t\":\"$EVENT_TITLE\",\"n\":$ALERT_ID,\"e\":\"$TAGS[env]\",\"u\":\"$UNKNOWN $ 5\"}",)"
      R"("custom_headers":"{\"X-Token\":\"s\",\"Content-Type\":\"application/vnd.x+json\"}"})");
  ASSERT_TRUE(webhook) << to_string(webhook.error());
  const auto request = webhook_request(*webhook, notice());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->body,
            R"({"t":"[Triggered] \"CPU\"\n50 %","n":12,"e":"prod","u":"$UNKNOWN $ 5"})");
  EXPECT_EQ(net::find_header(request->headers, "X-Token"), "s");
  EXPECT_EQ(net::find_header(request->headers, "Content-Type"), "application/vnd.x+json");
  EXPECT_EQ(net::find_header(request->headers, "Idempotency-Key"), "k1");
}

TEST(Webhook, WithoutAPayloadSendsAllOfIt) {
  const auto webhook = read_webhook(R"({"name":"ops","url":"http://127.0.0.1/x","payload":null})");
  ASSERT_TRUE(webhook);
  const auto request = webhook_request(*webhook, notice());
  ASSERT_TRUE(request);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  ASSERT_EQ(parser.parse(request->body).get(root), simdjson::SUCCESS) << request->body;
  EXPECT_EQ(std::string_view(root["title"]), "[Triggered] \"CPU\"\n50 %");
}

TEST(Webhook, MayBeAForm) {
  const auto webhook =
      read_webhook(R"({"name":"ops","url":"http://127.0.0.1/x","encode_as":"form",)"
                   R"("payload":"{\"text\":\"$EVENT_MSG\",\"id\":$ALERT_ID}"})");
  // Its numbers come of variables: what is no JSON before they are filled in is refused.
  EXPECT_FALSE(webhook);
  const auto quoted = read_webhook(R"({"name":"ops","url":"http://127.0.0.1/x","encode_as":"form",)"
                                   R"("payload":"{\"text\":\"$EVENT_MSG\"}"})");
  ASSERT_TRUE(quoted) << to_string(quoted.error());
  const auto request = webhook_request(*quoted, notice());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->body, "text=%C3%B1%20%26%20b%3Dc");
}

TEST(Webhook, RefusesWhatMakesNoSense) {
  for (const char* body :
       {"[]", "{}", R"({"name":"a"})", R"({"name":"a","url":"ftp://x"})",
        R"({"name":"a b","url":"http://x"})", R"({"name":"","url":"http://x"})",
        R"({"name":"a","url":"http://x","encode_as":"xml"})",
        R"({"name":"a","url":"http://x","custom_headers":"x"})",
        R"({"name":"a","url":"http://x","custom_headers":"{\"a\":\"b\\nc\"}"})",
        R"({"name":"a","url":"http://x","secret":"y"})", R"({"name":5,"url":"http://x"})"})
    EXPECT_FALSE(read_webhook(body)) << body;
}

TEST(Webhook, IsKeptAsItIs) {
  const auto webhook = read_webhook(
      R"({"name":"ops","url":"http://x","payload":"{}","custom_headers":"{}","encode_as":"form"})");
  ASSERT_TRUE(webhook) << to_string(webhook.error());
  EXPECT_EQ(encode(*webhook),
            R"({"name":"ops","url":"http://x","payload":"{}","custom_headers":"{}",)"
            R"("encode_as":"form"})");
}

}  // namespace
}  // namespace catalejo::monitor
