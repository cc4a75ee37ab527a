// What a person asks in the playground: the body of an inference request as Datadog's clients send
// it (openapi.json: InferenceAsked), as a chat completion.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace catalejo::evaluate::playground {

struct Question {
  std::string deployment;       // empty = the first that the program was given
  std::string messages_json;    // of a chat completion
  std::string parameters_json;  // what else it has, but its model: an object
};

// Errors: bad_request with the field as `where`.
Result<Question> read_question(std::string_view json);
// The body of a chat completion.
std::string chat_request(const Question& question, std::string_view model);

}  // namespace catalejo::evaluate::playground
