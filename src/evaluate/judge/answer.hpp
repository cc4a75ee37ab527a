// What a judge said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "evaluate/evaluator.hpp"
#include "evaluate/judge/definition.hpp"

namespace catalejo::evaluate::judge {

struct Answer {
  Verdict verdict;
  std::string model;  // that answered
  std::int64_t input_tokens = 0, output_tokens = 0;
};

// Reads the body of a chat completion. Errors, each bad_request: the judge refused, was cut off,
// was stopped by the content filter, or answered something else than was asked for.
Result<Answer> read_answer(const Definition& definition, std::string_view body);

}  // namespace catalejo::evaluate::judge
