#include "evaluate/engine/trial.hpp"

#include "codec/json_writer.hpp"
#include "evaluate/engine/verdict_json.hpp"
#include "evaluate/subject_reader.hpp"

namespace catalejo::evaluate {
namespace {

void append_message(std::string& out, std::string_view role, std::string_view text) {
  if (text.empty()) return;
  if (out.back() != '[') out += ',';
  codec::JsonObjectWriter message(out);
  message.text("role", role);
  message.text("content", text);
  message.close();
}

}  // namespace

std::string try_text(const Trial& trial, const std::vector<Seat>& seats) {
  std::string input = R"({"messages":[)", output = input;
  append_message(input, "system", trial.system);
  append_message(input, "user", trial.input);
  append_message(output, "assistant", trial.output);
  input += "]}";
  output += "]}";
  query::SpanRow span;
  span.half = 1;
  span.kind = "llm";
  span.input = input;
  span.output = output;
  SubjectReader reader;
  const Subject& subject = reader.read(span);
  std::string verdicts = "[";
  std::vector<Verdict> said;
  for (const Seat& seat : seats) {
    said.clear();
    seat.evaluator->judge(subject, said);
    for (const Verdict& verdict : said) {
      if (verdicts.back() != '[') verdicts += ',';
      append_verdict(verdicts, *seat.evaluator, verdict);
    }
  }
  return verdicts + ']';
}

}  // namespace catalejo::evaluate
