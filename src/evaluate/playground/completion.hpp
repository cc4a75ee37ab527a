// What a deployment answered to a chat completion.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace catalejo::evaluate::playground {

struct ToolCall {
  std::string id, name;
  std::string arguments;  // as the model wrote them: JSON, or meant to be
};

struct Completion {
  std::string model;  // that answered
  std::string said;   // a refusal in the model's own words included
  std::string finish_reason;
  std::vector<ToolCall> calls;
  std::int64_t input_tokens = 0, output_tokens = 0, reasoning_tokens = 0;
  // What the content filter said, by category, as it came; empty when it said nothing.
  std::string prompt_filter_json, answer_filter_json;
};

// Error bad_request about "answer" when it is no chat completion.
Result<Completion> read_completion(std::string_view body);

}  // namespace catalejo::evaluate::playground
