#include "api/prompts_json.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;

// `append(fields)` writes the fields, which are the object's own or its attributes.
template <typename Append>
void append_object(std::string& out, std::string_view id, std::string_view type, Form form,
                   Append append) {
  if (form == Form::item) return append_item(out, id, type, append);
  Fields object(out);
  object.text("id", id);
  append(object);
  object.close();
}

constexpr std::string_view kPromptType = "prompt-templates";
constexpr std::string_view kVersionType = "prompt-template-versions";

void append_texts(std::string& out, const std::vector<std::string>& texts) {
  append_array(out, texts, [](std::string& to, const std::string& text) {
    codec::append_json_string(to, text);
  });
}

// A message of a chat, or the place of messages that are only known later.
bool is_message(dom::element item) {
  std::string_view type, text;
  if (!item.is_object()) return false;
  if (item["type"].get(type) == simdjson::SUCCESS && type == "placeholder")
    return item["name"].get(text) == simdjson::SUCCESS && !text.empty();
  return item["role"].get(text) == simdjson::SUCCESS &&
         item["content"].get(text) == simdjson::SUCCESS;
}

Result<std::string> read_template(const AttributesBody& body) {
  const auto value = body.find("template");
  std::string json;
  dom::array messages;
  if (!value) return Error{Code::missing_field, "template is missing", "template"};
  if (value->get(messages) == simdjson::SUCCESS) {
    if (messages.size() == 0 || !std::ranges::all_of(messages, is_message))
      return bad("template",
                 "a chat is messages, each with a role and a content, or placeholders with a name");
  } else if (!value->is_string()) {
    return bad("template", "must be a text, or the messages of a chat");
  }
  codec::append_json(json, *value);
  return json;
}

}  // namespace

void append_prompt(std::string& out, const store::Prompt& prompt, Form form) {
  append_object(out, prompt.uuid, kPromptType, form, [&](Fields& fields) {
    fields.text("prompt_id", prompt.id);
    fields.text("title", prompt.title);
    fields.text("description", prompt.description);
    fields.text("author", prompt.author);
    fields.integer("num_versions", prompt.versions);
    fields.key("in_registry") += "true";
    fields.text("source", "registry");
    fields.text("created_from", "api");
    fields.text("created_at", to_rfc3339(prompt.created));
    fields.text("last_version_created_at", to_rfc3339(prompt.updated));
    append_array(fields.key("labels"), prompt.labels,
                 [](std::string& to, const store::PromptLabel& one) {
                   Fields label(to);
                   label.text("label", one.label);
                   label.integer("version", one.version);
                   label.text("author", one.author);
                   label.text("since", to_rfc3339(one.since));
                   label.close();
                 });
  });
}

void append_prompt_version(std::string& out, const store::PromptVersion& version, Form form) {
  append_object(out, version.uuid, kVersionType, form, [&](Fields& fields) {
    fields.text("prompt_id", version.prompt);
    fields.text("prompt_uuid", version.prompt_uuid);
    fields.integer("version", version.version);
    fields.text("user_version", version.user_version);
    fields.key("template") += version.text;
    fields.key("config") += version.config;
    fields.text("description", version.description);
    fields.text("author", version.author);
    append_texts(fields.key("labels"), version.labels);
    fields.text("created_at", to_rfc3339(version.created));
    fields.text("version_created_at", to_rfc3339(version.created));
  });
}

void append_asked_prompt(std::string& out, const store::PromptVersion& version,
                         const std::string& label, Form form) {
  append_object(out, version.prompt_uuid, kPromptType, form, [&](Fields& fields) {
    fields.text("prompt_id", version.prompt);
    fields.text("prompt_uuid", version.prompt_uuid);
    fields.text("prompt_version_uuid", version.uuid);
    fields.text("version", version.user_version.empty() ? fmt::format("{}", version.version)
                                                        : version.user_version);
    fields.key(version.text.starts_with('[') ? "chat_template" : "template") += version.text;
    fields.key("config") += version.config;
    append_texts(fields.key("labels"), version.labels);
    if (!label.empty()) fields.text("label", label);
  });
}

void append_deleted_prompt(std::string& out, const store::Prompt& prompt, Form form) {
  append_object(out, prompt.uuid, kPromptType, form, [&](Fields& fields) {
    fields.text("prompt_id", prompt.id);
    fields.text("deleted_at", to_rfc3339(now()));
  });
}

Result<std::vector<std::string>> read_labels(const AttributesBody& body) {
  auto labels = body.texts("labels");
  if (!labels) return labels.error();
  auto environments = body.texts("env_ids");
  if (!environments) return environments.error();
  for (std::string& one : *environments)
    if (std::ranges::find(*labels, one) == labels->end()) labels->push_back(std::move(one));
  return labels;
}

Result<store::PromptVersion> read_prompt_version(const AttributesBody& body) {
  store::PromptVersion version;
  auto text = read_template(body);
  if (!text) return text.error();
  version.text = *std::move(text);
  auto labels = read_labels(body);
  if (!labels) return labels.error();
  version.labels = *std::move(labels);
  if (const auto config = body.find("config"); config && !config->is_object())
    return bad("config", "must be an object");
  version.config = body.json("config", "{}");
  version.user_version = body.text("user_version");
  version.description = body.text("description");
  return version;
}

}  // namespace catalejo::api
