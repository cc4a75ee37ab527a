// Prompts as JSON. Datadog's tracers read and write them as plain objects, its API clients as items
// of JSON:API; the fields are the same. For this folder only.
#pragma once

#include <string>

#include "api/dataset_request.hpp"
#include "base/result.hpp"
#include "store/prompts.hpp"

namespace catalejo::api {

enum class Form { plain, item };

void append_prompt(std::string& out, const store::Prompt& prompt, Form form);
void append_prompt_version(std::string& out, const store::PromptVersion& version, Form form);
// What an application gets that asks for a prompt: `label` is what it asked by, or empty.
void append_asked_prompt(std::string& out, const store::PromptVersion& version,
                         const std::string& label, Form form);
void append_deleted_prompt(std::string& out, const store::Prompt& prompt, Form form);

// The fields of a new version; labels are those of "labels" and of "env_ids".
Result<store::PromptVersion> read_prompt_version(const AttributesBody& body);
Result<std::vector<std::string>> read_labels(const AttributesBody& body);

}  // namespace catalejo::api
