// Messages with variables of a record of a dataset, filled in.
//
// {{input}} is the whole input, {{input.question}} a field of it, {{input.items.0.name}} one
// deeper; {{metadata}} and its fields likewise; any other name, as prompts of the registry have
// them, is a field of the input. Texts are put in as they are, anything else as JSON. A message
// that is nothing but a variable whose value is the messages of a chat becomes those messages: what
// was recorded of an application is asked again as it was.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/datasets.hpp"

namespace catalejo::evaluate::experiments {

// [{"role","content"},…]. Errors: bad_request about "messages", also of messages without a
// variable, which would ask the same of every record.
Result<void> check_messages(std::string_view messages_json);

// The messages that the record makes of them. Error bad_request about "variable" when the record
// lacks one, about "too_large" when it makes too much.
Result<std::string> fill(std::string_view messages_json, const store::DatasetRecord& record);

// What a person would read of a value: a text, that of {"value":…}, what is said in a chat of one
// message; else its JSON.
std::string text_of(std::string_view json);

}  // namespace catalejo::evaluate::experiments
