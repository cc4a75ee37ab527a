#include "monitor/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::monitor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

MessageFacts facts() {
  return {.cases = {{"is_alert", true}, {"is_warning", false}, {"is_recovery", false}},
          .variables = {{"value", "42"},
                        {"threshold", "40"},
                        {"host.name", "web-1"},
                        {"openai.request.model.name", "gpt-4o"},
                        {"env.name", "prod"},
                        {"team.name", ""},
                        {"priority", "P1"}}};
}

TEST(Message, SaysOneOfItsCases) {
  struct Case {
    const char* text;
    const char* said;
  };
  for (const auto& [text, said] : {
           Case{"plain", "plain"},
           {"{{#is_alert}}A{{/is_alert}}{{#is_warning}}W{{/is_warning}}", "A"},
           {"{{^is_alert}}A{{/is_alert}}{{^is_warning}}W{{/is_warning}}", "W"},
           {"{{#is_warning}}W{{else}}other{{/is_warning}}", "other"},
           {"{{ #is_alert }}{{value}} > {{ threshold }}{{ /is_alert }}", "42 > 40"},
           {"{{#is_alert}}a{{#is_warning}}b{{/is_warning}}c{{/is_alert}}", "ac"},
           {"{{#is_warning}}a{{#is_alert}}b{{/is_alert}}c{{/is_warning}}d", "d"},
           {"{{host.name}} {{[openai.request.model].name}} {{{value}}}", "web-1 gpt-4o 42"},
           {"{{#is_match \"env.name\" \"pro\"}}live{{/is_match}}", "live"},
           {"{{#is_match \"env.name\" \"dev\" \"prod\"}}live{{/is_match}}", "live"},
           {"{{#is_exact_match \"env.name\" \"pro\"}}live{{/is_exact_match}}", ""},
           {"{{^is_match \"env.name\" \"dev\"}}not dev{{/is_match}}", "not dev"},
           {"{{#is_match \"team.name\" \"\"}}nobody's{{/is_match}}", "nobody's"},
           {"{{#is_priority 'P1'}}now{{/is_priority}}", "now"},
           {"{{#is_priority 'P2'}}now{{/is_priority}}", ""},
           // What is not understood stands as it is.
           {"{{nobody.name}}", "{{nobody.name}}"},
           {"{{#is_full_moon}}x{{/is_full_moon}}", "{{#is_full_moon}}x{{/is_full_moon}}"},
           {"{{#is_alert}}never closed", "never closed"},
           {"{{/is_alert}} {{ {{{ }} {", "{{/is_alert}} {{ {{{ }} {"},
           {"{{else}}{{}}", "{{else}}{{}}"},
       })
    EXPECT_EQ(render(text, facts()), said) << text;
}

TEST(Message, IsNoLongerThanItMayBe) {
  MessageFacts large = facts();
  large.variables["value"] = std::string(10'000, '\xc3') + "x";
  std::string text;
  for (int i = 0; i < 100; ++i) text += "{{value}}";
  EXPECT_LE(render(text, large).size(), limits::monitor_message_bytes_max);
}

TEST(Message, SaysWhatIsWrongWithIt) {
  EXPECT_THAT(problems_of("{{#is_alert}}{{value}}{{/is_alert}}"), IsEmpty());
  EXPECT_THAT(problems_of("{{#is_alert}}"), ElementsAre("{{#is_alert}} is not closed"));
  EXPECT_THAT(problems_of("{{/is_alert}}"), ElementsAre("{{/is_alert}} closes nothing"));
  EXPECT_THAT(problems_of("{{#is_alert}}{{/is_warning}}"),
              ElementsAre("{{/is_warning}} closes nothing", "{{#is_alert}} is not closed"));
  EXPECT_THAT(problems_of("{{#is_full_moon}}"), ElementsAre("{{#is_full_moon}} is not known here"));
}

TEST(Message, MentionsWhoIsToBeTold) {
  EXPECT_THAT(mentions_in("Look! @webhook-ops, @slack-team @webhook-ops."),
              ElementsAre("webhook-ops", "slack-team"));
  EXPECT_THAT(mentions_in("(@webhook-a) \"@webhook-b\"\n@ana@example.com"),
              ElementsAre("webhook-a", "webhook-b", "ana@example.com"));
  EXPECT_THAT(mentions_in("ana@example.com at @ noon @"), IsEmpty());
  std::string many;
  for (int i = 0; i < 200; ++i) many += " @webhook-" + std::to_string(i);
  EXPECT_EQ(mentions_in(many).size(), limits::monitor_mentions_max);
}

}  // namespace
}  // namespace catalejo::monitor
