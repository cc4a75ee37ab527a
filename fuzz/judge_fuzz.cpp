// A judge's answer, read as any of its types; its settings, as they are written again; and any text
// as prompt and as what is judged: it stays between its marks.
#include <array>
#include <cstdlib>
#include <string>

#include "accounted.hpp"
#include "evaluate/judge/answer.hpp"
#include "evaluate/judge/prompt.hpp"
#include "evaluate/judge/settings.hpp"

namespace judge = catalejo::evaluate::judge;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(catalejo::fuzz::text_of(data, size));
  judge::Definition definition;
  definition.label = "fuzz";
  definition.categories = {"a", "b"};
  definition.schema_json = R"({"type":"object","required":["a"]})";
  for (const auto type : {judge::OutputType::boolean, judge::OutputType::score,
                          judge::OutputType::categorical, judge::OutputType::json}) {
    definition.output = type;
    const auto answer = judge::read_answer(definition, text);
    if (answer.verdict && answer.verdict->label != "fuzz") std::abort();
  }
  if (const auto settings = judge::read_settings(text)) {
    std::string written, again;
    judge::append_settings(written, *settings);
    const auto read = judge::read_settings(written);
    if (!read) std::abort();
    judge::append_settings(again, *read);
    if (written != again) std::abort();
  }
  definition.output = judge::OutputType::boolean;
  definition.prompt = {{"system", text}, {"user", "{{span_input}}"}};
  const std::array<catalejo::evaluate::Text, 1> texts = {
      {{catalejo::evaluate::Side::input, catalejo::evaluate::Voice::user, 0, text, ""}}};
  catalejo::evaluate::Subject subject;
  subject.texts = texts;
  const std::string body = judge::chat_request(definition, subject, "gpt-4o", "q7Zk2");
  if (body.empty() || body.back() != '}') std::abort();
  return 0;
}
