// A plan that is read is the same when it is kept and read again; what a record makes of messages
// is JSON whatever both are, and so is a score.
#include <cstdlib>
#include <string>

#include "accounted.hpp"
#include "codec/json.hpp"
#include "codec/json_writer.hpp"
#include "evaluate/experiments/checks.hpp"
#include "evaluate/experiments/plan.hpp"
#include "evaluate/experiments/record_prompt.hpp"
#include "evaluate/experiments/spent.hpp"

namespace experiments = catalejo::evaluate::experiments;

namespace {

void must_parse(std::string json) {
  catalejo::codec::JsonDocument document;
  if (!document.parse(json)) std::abort();
}

void check_plan(const std::string& text) {
  const auto plan = experiments::read_plan(text);
  if (!plan) return;
  std::string kept, again;
  experiments::append_plan(kept, *plan);
  const auto read = experiments::read_plan(kept);
  if (!read) std::abort();
  experiments::append_plan(again, *read);
  if (kept != again) std::abort();
  must_parse(experiments::config_of(*plan));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(catalejo::fuzz::text_of(data, size));
  check_plan(text);
  // The first line is a template, the rest a record.
  const std::size_t line = text.find('\n');
  const std::string content = text.substr(0, line);
  const std::string input = line == std::string::npos ? "null" : text.substr(line + 1);
  const std::string messages =
      R"([{"role":"user","content":)" + catalejo::codec::json_quoted(content) + "}]";
  if (experiments::check_messages(messages))
    if (const auto filled = experiments::fill(messages, {.input = input})) must_parse(*filled);
  if (const auto of_prompt = experiments::messages_of_prompt(text)) must_parse(*of_prompt);
  for (const std::string_view name : experiments::check_names())
    must_parse(experiments::check_answer(name, content, input).value);
  must_parse(experiments::spent_json(experiments::read_spent(text)));
  return 0;
}
