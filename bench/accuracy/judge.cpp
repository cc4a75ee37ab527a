// Reads labelled cases (tests/evaluate/support/cases.hpp), a JSON object a line, and writes what
// each evaluator named on the command line says of it: one line a case, answers with tabs between.
#include <fmt/format.h>

#include <iostream>
#include <string>
#include <vector>

#include "evaluate/text_evaluators.hpp"
#include "support/cases.hpp"

namespace evaluate = catalejo::evaluate;

int main(int argc, char** argv) {
  std::vector<const evaluate::Evaluator*> chosen;
  for (const auto* evaluator : evaluate::text_evaluators())
    for (int i = 1; i < argc; ++i)
      if (evaluator->id() == argv[i]) chosen.push_back(evaluator);
  if (chosen.empty()) {
    std::cerr << "usage: evaluate-judge EVALUATOR… < cases.jsonl\n";
    return 2;
  }
  std::string line;
  for (int number = 1; std::getline(std::cin, line); ++number) {
    const evaluate::Case labelled(line, fmt::format("line {}", number));
    std::string answers;
    for (const auto* evaluator : chosen)
      answers += (answers.empty() ? "" : "\t") + answer(*evaluator, labelled.subject());
    std::cout << answers << '\n';
  }
  return 0;
}
