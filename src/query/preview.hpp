// The line a list shows of a prompt or an answer: the text that tells one call from another.
#pragma once

#include <string>
#include <string_view>

namespace catalejo::query {

// Of the last user message, the value, or the first document. Empty when there is nothing to
// show; a JSON of another shape is shown as it is.
std::string preview_of_input(std::string_view input_json);
// The same, whole and as it was written.
std::string text_of_input(std::string_view input_json);
// Of the last assistant message: its content, or the tool it calls as "name(arguments)".
std::string preview_of_output(std::string_view output_json);

// At most `characters_max` characters, runs of white space as one space, never half a character.
std::string shorten(std::string_view text, std::size_t characters_max);

}  // namespace catalejo::query
