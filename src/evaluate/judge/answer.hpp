// What a judge said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "evaluate/evaluator.hpp"
#include "evaluate/judge/definition.hpp"

namespace catalejo::evaluate::judge {

// What a call used is paid for whatever its answer is worth.
struct Answer {
  std::string model;  // that answered
  std::int64_t input_tokens = 0, output_tokens = 0;
  std::string said;  // by the model, word for word
  // Its label points into the definition. Errors are bad_request, with one word of their kind as
  // `where`: "content_filter", "cut", "refused", or "answer": not what was asked for.
  Result<Verdict> verdict;
};

// Reads the body of a chat completion. What the definition does not allow is no verdict, whatever
// the deployment promised to hold the model to.
Answer read_answer(const Definition& definition, std::string_view body);

}  // namespace catalejo::evaluate::judge
