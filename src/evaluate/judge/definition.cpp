#include "evaluate/judge/definition.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "evaluate/judge/prompt.hpp"

namespace catalejo::evaluate::judge {
namespace {

constexpr std::size_t kLabelBytesMax = 200;
constexpr std::size_t kMessagesMax = 50;
constexpr std::size_t kPromptBytesMax = 64u << 10;
constexpr std::size_t kCategoriesMax = 100;
constexpr std::size_t kSchemaBytesMax = 32u << 10;
constexpr std::int64_t kOutputTokensMax = 32'000;

constexpr std::array<std::string_view, 4> kOutputNames = {"boolean", "score", "categorical",
                                                          "json"};

Result<void> check_variables(const PromptMessage& message) {
  for (const Piece& piece : pieces_of(message.text))
    if (piece.is_variable && !is_variable(piece.text))
      return bad("prompt", fmt::format("there is no variable {{{{{}}}}}; there are {}, "
                                       "metadata.KEY and tags.KEY",
                                       piece.text, fmt::join(variable_names(), ", ")));
  return {};
}

Result<void> check_prompt(const Definition& definition) {
  if (definition.prompt.empty()) return bad("prompt", "it has no message");
  if (definition.prompt.size() > kMessagesMax)
    return bad("prompt", fmt::format("more than {} messages", kMessagesMax));
  std::size_t bytes = 0;
  bool about_the_span = false;
  for (const PromptMessage& message : definition.prompt) {
    if (message.role != "system" && message.role != "user" && message.role != "assistant")
      return bad("prompt", "a role is system, user or assistant");
    bytes += message.text.size();
    CATALEJO_TRY(check_variables(message));
    const auto pieces = pieces_of(message.text);
    about_the_span |= std::ranges::any_of(pieces, &Piece::is_variable);
  }
  if (bytes > kPromptBytesMax)
    return bad("prompt", fmt::format("longer than {} bytes", kPromptBytesMax));
  if (!about_the_span)
    return bad("prompt",
               "it has no variable, so every span would be judged alike: write "
               "{{span_input}} or {{span_output}} where the texts belong");
  return {};
}

Result<void> check_schema(const std::string& schema) {
  if (schema.size() > kSchemaBytesMax)
    return bad("schema", fmt::format("longer than {} bytes", kSchemaBytesMax));
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(schema).get(object) != simdjson::SUCCESS)
    return bad("schema", "a JSON schema is an object");
  return {};
}

Result<void> check_output(const Definition& definition) {
  switch (definition.output) {
    case OutputType::boolean:
      return {};
    case OutputType::json:
      return check_schema(definition.schema_json);
    case OutputType::score:
      if (std::isfinite(definition.score_min) && std::isfinite(definition.score_max) &&
          definition.score_min < definition.score_max)
        return {};
      return bad("score_max", "it must be greater than score_min");
    case OutputType::categorical:
      break;
  }
  const std::set<std::string> different(definition.categories.begin(), definition.categories.end());
  if (different.size() != definition.categories.size() || different.contains(""))
    return bad("categories", "each has a name of its own");
  if (different.size() < 2 || different.size() > kCategoriesMax)
    return bad("categories", fmt::format("there are 2 to {}", kCategoriesMax));
  return {};
}

bool can_be_answered(const Definition& definition, const std::string& value) {
  if (definition.output == OutputType::boolean) return value == "true" || value == "false";
  return std::ranges::find(definition.categories, value) != definition.categories.end();
}

Result<void> check_criteria(const Definition& definition) {
  const Criteria& criteria = definition.criteria;
  if (!criteria.any()) return {};
  if (definition.output == OutputType::json)
    return bad("criteria", "a JSON answer is not assessed");
  const bool by_range = criteria.score_min || criteria.score_max;
  if (by_range != (definition.output == OutputType::score) ||
      by_range == !criteria.pass_values.empty())
    return bad("criteria", "scores pass by score_min and score_max, others by pass_values");
  for (const std::string& value : criteria.pass_values)
    if (!can_be_answered(definition, value))
      return bad("criteria", fmt::format("no answer can be \"{}\"", value));
  return {};
}

}  // namespace

std::string_view output_type_name(OutputType type) {
  return kOutputNames.at(static_cast<std::size_t>(type));
}

std::optional<OutputType> output_type_of(std::string_view name) {
  const auto* found = std::ranges::find(kOutputNames, name);
  if (found == kOutputNames.end()) return std::nullopt;
  return static_cast<OutputType>(found - kOutputNames.begin());
}

Result<void> check(const Definition& definition) {
  if (definition.label.empty() || definition.label.size() > kLabelBytesMax)
    return bad("label", fmt::format("it has 1 to {} bytes", kLabelBytesMax));
  if (definition.label.find('.') != std::string::npos) return bad("label", "may not contain a dot");
  if (definition.temperature && !(*definition.temperature >= 0 && *definition.temperature <= 2))
    return bad("temperature", "it is from 0 to 2");
  if (definition.output_tokens_max < 1 || definition.output_tokens_max > kOutputTokensMax)
    return bad("output_tokens_max", fmt::format("it is 1 to {}", kOutputTokensMax));
  CATALEJO_TRY(check_prompt(definition));
  CATALEJO_TRY(check_output(definition));
  return check_criteria(definition);
}

}  // namespace catalejo::evaluate::judge
