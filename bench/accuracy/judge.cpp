// Reads labelled cases (tests/evaluate/support/cases.hpp), a JSON object a line, and writes what
// each evaluator named on the command line says of it: one line a case, answers with tabs between.
#include <fmt/format.h>

#include <deque>
#include <iostream>
#include <memory>
#include <string>

#include "evaluate/quality/failure_to_answer.hpp"
#include "evaluate/quality/language_mismatch.hpp"
#include "evaluate/security/prompt_injection.hpp"
#include "support/cases.hpp"

namespace {

namespace evaluate = catalejo::evaluate;
using Evaluators = std::vector<std::unique_ptr<evaluate::Evaluator>>;

Evaluators every_evaluator() {
  Evaluators all;
  all.push_back(std::make_unique<evaluate::FailureToAnswer>());
  all.push_back(std::make_unique<evaluate::LanguageMismatch>());
  all.push_back(std::make_unique<evaluate::PromptInjection>());
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  Evaluators chosen;
  for (auto& evaluator : every_evaluator())
    for (int i = 1; i < argc; ++i)
      if (evaluator != nullptr && evaluator->id() == argv[i]) chosen.push_back(std::move(evaluator));
  if (chosen.empty()) {
    std::cerr << "usage: evaluate-judge EVALUATOR… < cases.jsonl\n";
    return 2;
  }
  std::string line;
  for (int number = 1; std::getline(std::cin, line); ++number) {
    const evaluate::Case labelled(line, fmt::format("line {}", number));
    std::string answers;
    for (const auto& evaluator : chosen)
      answers += (answers.empty() ? "" : "\t") + answer(*evaluator, labelled.subject());
    std::cout << answers << '\n';
  }
  return 0;
}
