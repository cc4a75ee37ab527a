// The request that asks a judge about a span.
//
// Variables of a prompt: {{span_input}}, {{span_output}}, {{system_prompt}}, {{documents}},
// {{tool_definitions}}, {{tool_calls}}, {{name}}, {{kind}}, {{ml_app}}, {{model_name}},
// {{metadata.KEY}}, {{tags.KEY}}. Their texts are the application's and may try to steer the judge:
// a text stands between two marks made of `fence`, which nothing judged can know, and in user
// messages only; elsewhere a variable becomes a pointer to a user message that follows.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/judge/definition.hpp"
#include "evaluate/subject.hpp"

namespace catalejo::evaluate::judge {

// A text longer than this loses its middle, and says so.
inline constexpr std::size_t kVariableBytesMax = 48u << 10;

// Whether it is the name of a variable, "tags.KEY" and "metadata.KEY" included.
bool is_variable(std::string_view name);
std::span<const std::string_view> variable_names();

// A piece of a template: words, or the name of a variable.
struct Piece {
  bool is_variable = false;
  std::string_view text;
};
// Points into `text`. A brace that closes nothing is words.
std::vector<Piece> pieces_of(std::string_view text);

// The body of a chat completion. `fence`: random letters and digits, new for each request.
std::string chat_request(const Definition& definition, const Subject& subject,
                         std::string_view model, std::string_view fence);

}  // namespace catalejo::evaluate::judge
