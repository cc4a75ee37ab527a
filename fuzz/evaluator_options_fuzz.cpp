// The lists that a user gives an evaluator: read or refused, and what is read judges any text.
#include <array>
#include <cstdlib>
#include <string>

#include "accounted.hpp"
#include "evaluate/text_evaluators.hpp"

namespace evaluate = catalejo::evaluate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(catalejo::fuzz::text_of(data, size));
  const std::array<evaluate::Text, 2> texts = {
      {{evaluate::Side::input, evaluate::Voice::user, 0, text, ""},
       {evaluate::Side::output, evaluate::Voice::assistant, 0, text, ""}}};
  evaluate::Subject subject;
  subject.texts = texts;
  for (const evaluate::Evaluator* each : evaluate::text_evaluators()) {
    const auto made = each->configured(text);
    if (!made) continue;
    if (each->asks_for().empty()) std::abort();
    std::vector<evaluate::Verdict> verdicts;
    (*made)->judge(subject, verdicts);
    if (verdicts.size() > 1) std::abort();
  }
  return 0;
}
