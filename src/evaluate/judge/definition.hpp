// What a judge is asked and what its answer may be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace catalejo::evaluate::judge {

enum class OutputType : std::uint8_t { boolean, score, categorical, json };

// "boolean", "score", "categorical", "json".
std::string_view output_type_name(OutputType type);
std::optional<OutputType> output_type_of(std::string_view name);

struct PromptMessage {
  std::string role;  // "system" | "user" | "assistant"
  std::string text;  // with {{variables}}, see prompt.hpp
};

// What passes; an answer is not assessed when nothing is given.
struct Criteria {
  std::vector<std::string> pass_values;        // categories, or "true" or "false"
  std::optional<double> score_min, score_max;  // both inclusive

  bool any() const { return !pass_values.empty() || score_min || score_max; }
};

struct Definition {
  std::string label;  // of its evaluations
  std::vector<PromptMessage> prompt;
  OutputType output = OutputType::boolean;
  double score_min = 0, score_max = 1;  // what a score may be
  std::vector<std::string> categories;  // what a categorical answer may be
  std::string schema_json;              // of a JSON answer: a JSON schema, an object
  bool reasoning = true;                // the model says why, before it says what
  Criteria criteria;
  std::optional<double> temperature;  // models that reason refuse any
  std::int64_t output_tokens_max = 1'000;
};

// Errors: bad_request with what is wrong and, for a variable, what was meant; the field as context.
Result<void> check(const Definition& definition);

}  // namespace catalejo::evaluate::judge
