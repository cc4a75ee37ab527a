// What a person asks the server to run: which records, what is asked of each, whom, how often, and
// how the answers are scored; and its JSON, which the control store keeps and the API speaks
// (openapi.json: NewExperimentRun).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "evaluate/playground/question.hpp"

namespace catalejo::evaluate::experiments {

struct Plan {
  std::string name, description;  // of the experiment
  std::string dataset;
  std::int64_t dataset_version = 0;  // 0 = the newest, until it begins
  std::int64_t records = 0;          // at most; 0 = all, until it begins
  std::int64_t times = 1;            // each of them
  // Where the messages are from; they are copied when it begins.
  std::string prompt;
  std::int64_t prompt_version = 0;  // 0 = the newest, until it begins
  std::string messages_json;  // [{"role","content"},…] with variables; empty before the copy
  std::string deployment;     // empty = the first that the program was given
  std::string parameters_json = "{}";  // temperature, max_completion_tokens, …
  std::vector<std::string> checks;     // names of checks.hpp
  std::vector<std::string> judges;     // names of published judges

  std::int64_t rows() const { return records * times; }
};

// Errors: bad_request with the field as `where`.
Result<Plan> read_plan(std::string_view json);
void append_plan(std::string& out, const Plan& plan);
// What the experiment says of itself, so that two of them tell apart: what was asked, and whom.
std::string config_of(const Plan& plan);

// The messages of a prompt of the registry, whose text is a JSON text or the messages of a chat. A
// placeholder for messages becomes a variable of its name.
Result<std::string> messages_of_prompt(std::string_view text_json);
// The question with these messages. Errors: bad_request with the field as `where`.
Result<playground::Question> question_of(const Plan& plan, std::string_view messages_json);

}  // namespace catalejo::evaluate::experiments
