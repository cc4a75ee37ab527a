#include "evaluate/playground/question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::evaluate::playground {
namespace {

namespace dom = codec::dom;

std::string_view text_at(dom::object object, std::string_view name) {
  dom::element value;
  return object[name].get(value) == simdjson::SUCCESS ? codec::text_or_empty(value) : "";
}

struct Parameter {
  std::string_view name;
  double min, max;
  bool whole;
};
constexpr std::array kParameters = {
    Parameter{"temperature", 0, 2, false},
    Parameter{"top_p", 0, 1, false},
    Parameter{"frequency_penalty", -2, 2, false},
    Parameter{"presence_penalty", -2, 2, false},
    Parameter{"max_tokens", 1, 1'000'000, true},
    Parameter{"max_completion_tokens", 1, 1'000'000, true},
};

Result<void> add_parameter(codec::JsonObjectWriter& out, const Parameter& parameter,
                           dom::element value) {
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS || !std::isfinite(number) || number < parameter.min ||
      number > parameter.max || (parameter.whole && number != std::floor(number)))
    return bad(parameter.name, fmt::format("must be a {} from {} to {}",
                                           parameter.whole ? "whole number" : "number",
                                           parameter.min, parameter.max));
  if (parameter.whole)
    codec::append_json_number(out.key(parameter.name), static_cast<std::int64_t>(number));
  else
    codec::append_json_number(out.key(parameter.name), number);
  return {};
}

// A schema comes as text.
Result<void> add_schema(codec::JsonObjectWriter& out, dom::element value) {
  codec::JsonDocument schema;
  std::string text(codec::text_or_empty(value));
  if (text.empty()) return {};
  if (!schema.parse(text) || !codec::root(schema).is_object())
    return bad("json_schema", "must be a JSON object, as text");
  std::string& format = out.key("response_format");
  format += R"({"type":"json_schema","json_schema":{"name":"answer","schema":)";
  codec::append_json(format, codec::root(schema));
  format += "}}";
  return {};
}

Result<void> add_tools(codec::JsonObjectWriter& out, dom::element value) {
  dom::array tools;
  if (value.get(tools) != simdjson::SUCCESS) return bad("tools", "must be an array");
  for (const dom::element tool : tools) {
    dom::object fields;
    std::string_view name;
    if (tool.get(fields) != simdjson::SUCCESS ||
        fields["function"]["name"].get(name) != simdjson::SUCCESS || name.empty())
      return bad("tools", "must be {\"type\":\"function\",\"function\":{\"name\",\"parameters\"}}");
  }
  if (tools.size() > 0) codec::append_json(out.key("tools"), value);
  return {};
}

// {"name","arguments":{…},"tool_id"} → {"id","type","function":{"name","arguments":"…"}}.
Result<void> add_calls(std::string& out, dom::array calls) {
  out += '[';
  for (const dom::element call : calls) {
    dom::object fields;
    if (call.get(fields) != simdjson::SUCCESS) return bad("messages", "a tool call is no object");
    if (out.back() != '[') out += ',';
    std::string arguments = "{}";
    dom::element given;
    if (fields["arguments"].get(given) == simdjson::SUCCESS && !given.is_null()) {
      arguments = codec::text_or_empty(given);
      if (!given.is_string()) codec::append_json(arguments, given);
    }
    codec::JsonObjectWriter object(out);
    object.text("id", text_at(fields, "tool_id"));
    object.text("type", "function");
    codec::JsonObjectWriter function(object.key("function"));
    function.text("name", text_at(fields, "name"));
    function.text("arguments", arguments);
    function.close();
    object.close();
  }
  out += ']';
  return {};
}

void add_result(std::string& out, dom::object result) {
  if (out.back() != '[') out += ',';
  codec::JsonObjectWriter object(out);
  object.text("role", "tool");
  object.text("tool_call_id", text_at(result, "tool_id"));
  object.text("content", text_at(result, "result"));
  object.close();
}

// The parts of a message, each {"type","value":{"text" | "tool_call" | "tool_call_result"}}.
std::string text_of_parts(dom::array parts) {
  std::string text;
  for (const dom::element part : parts) {
    std::string_view piece;
    if (part["value"]["text"].get(piece) != simdjson::SUCCESS || piece.empty()) continue;
    if (!text.empty()) text += '\n';
    text += piece;
  }
  return text;
}

Result<void> add_message(std::string& out, dom::element value) {
  dom::object fields, result;
  if (value.get(fields) != simdjson::SUCCESS) return bad("messages", "a message is no object");
  const std::string_view role = text_at(fields, "role");
  constexpr std::array<std::string_view, 5> kRoles = {"system", "developer", "user", "assistant",
                                                      "tool"};
  if (std::ranges::find(kRoles, role) == kRoles.end())
    return bad("messages", "a role is system, developer, user, assistant or tool");
  dom::array calls, results, parts;
  bool answered = false;
  if (fields["tool_results"].get(results) == simdjson::SUCCESS)
    for (const dom::element each : results)
      if (each.get(result) == simdjson::SUCCESS) {
        add_result(out, result);
        answered = true;
      }
  std::string content(text_at(fields, "content"));
  if (content.empty() && fields["contents"].get(parts) == simdjson::SUCCESS)
    content = text_of_parts(parts);
  const bool has_calls = fields["tool_calls"].get(calls) == simdjson::SUCCESS && calls.size() > 0;
  if (content.empty() && answered) return {};
  if (role == "tool") return bad("messages", "a message of a tool wants tool_results");
  if (content.empty() && !has_calls) return bad("messages", "a message has no text");
  if (out.back() != '[') out += ',';
  codec::JsonObjectWriter object(out);
  object.text("role", role);
  object.text("content", content);
  if (has_calls) CATALEJO_TRY(add_calls(object.key("tool_calls"), calls));
  object.close();
  return {};
}

Result<void> read_messages(Question& question, dom::element value) {
  dom::array messages;
  if (value.get(messages) != simdjson::SUCCESS) return bad("messages", "must be an array");
  question.messages_json = "[";
  for (const dom::element message : messages)
    CATALEJO_TRY(add_message(question.messages_json, message));
  if (question.messages_json.size() == 1) return bad("messages", "name at least one message");
  question.messages_json += ']';
  return {};
}

// What other providers understand.
constexpr std::array<std::string_view, 3> kForeign = {"anthropic_metadata", "bedrock_metadata",
                                                      "vertex_ai_metadata"};

Result<void> read_field(Question& question, codec::JsonObjectWriter& out, std::string_view name,
                        dom::element value) {
  const auto parameter = std::ranges::find(kParameters, name, &Parameter::name);
  if (parameter != kParameters.end()) return add_parameter(out, *parameter, value);
  if (name == "messages") return read_messages(question, value);
  if (name == "model_id") {
    if (!value.is_string()) return bad(name, "must be a text");
    if (question.deployment.empty()) question.deployment = codec::text_or_empty(value);
    return {};
  }
  if (name == "json_schema") return add_schema(out, value);
  if (name == "tools") return add_tools(out, value);
  if (name == "azure_openai_metadata" || name == "openai_metadata") {
    dom::object fields;
    if (value.get(fields) != simdjson::SUCCESS) return bad(name, "must be an object");
    if (const auto deployment = text_at(fields, "deployment_id"); !deployment.empty())
      question.deployment = deployment;
    if (const auto effort = text_at(fields, "reasoning_effort"); !effort.empty())
      out.text("reasoning_effort", effort);
    return {};
  }
  if (std::ranges::find(kForeign, name) != kForeign.end()) return {};
  if (name == "top_k") return bad(name, "a deployment of Azure OpenAI has no top_k");
  return bad(name, "there is no such field");
}

}  // namespace

Result<Question> read_question(std::string_view json) {
  codec::JsonDocument document;
  std::string text(json);
  CATALEJO_TRY(document.parse(text));
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return bad("body", "must be an object");
  Question question;
  codec::JsonObjectWriter parameters(question.parameters_json);
  for (const dom::key_value_pair field : fields)
    if (!field.value.is_null())
      CATALEJO_TRY(read_field(question, parameters, field.key, field.value));
  parameters.close();
  if (question.messages_json.empty()) return bad("messages", "messages is missing");
  return question;
}

std::string chat_request(const Question& question, std::string_view model) {
  std::string body;
  codec::JsonObjectWriter object(body);
  object.text("model", model);
  object.key("messages") += question.messages_json;
  object.close();
  if (question.parameters_json.size() <= 2) return body;
  body.back() = ',';
  return body + question.parameters_json.substr(1);
}

}  // namespace catalejo::evaluate::playground
