#include "evaluate/experiments/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "evaluate/experiments/checks.hpp"
#include "evaluate/experiments/record_prompt.hpp"

namespace catalejo::evaluate::experiments {
namespace {

namespace dom = codec::dom;

constexpr std::string_view kJudge = "judge";

Result<void> read_text(std::string_view name, dom::element value, std::string& to,
                       std::size_t bytes_max) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return bad(name, "must be a text");
  if (text.size() > bytes_max) return bad(name, fmt::format("is longer than {} bytes", bytes_max));
  to = text;
  return {};
}

Result<void> read_count(std::string_view name, dom::element value, std::int64_t& to,
                        std::int64_t max) {
  std::int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS || number < 1 || number > max)
    return bad(name, fmt::format("must be a whole number from 1 to {}", max));
  to = number;
  return {};
}

Result<void> read_prompt(Plan& plan, dom::element value) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad("prompt", "must be {\"id\",\"version\"}");
  for (const dom::key_value_pair field : fields) {
    if (field.value.is_null()) continue;
    if (field.key == "id") {
      CATALEJO_TRY(read_text("prompt", field.value, plan.prompt, limits::short_name_bytes_max));
    } else if (field.key == "version") {
      CATALEJO_TRY(read_count("prompt", field.value, plan.prompt_version, INT32_MAX));
    } else {
      return bad("prompt", "must be {\"id\",\"version\"}");
    }
  }
  return plan.prompt.empty() ? bad("prompt", "its id is missing") : Result<void>();
}

Result<void> read_messages(Plan& plan, dom::element value) {
  dom::array messages;
  if (value.get(messages) != simdjson::SUCCESS) return bad("messages", "must be an array");
  plan.messages_json = "[";
  for (const dom::element message : messages) {
    std::string_view role, content;
    if (message["role"].get(role) != simdjson::SUCCESS ||
        message["content"].get(content) != simdjson::SUCCESS)
      return bad("messages", "each has a role and a content, as texts");
    if (plan.messages_json.back() != '[') plan.messages_json += ',';
    codec::JsonObjectWriter object(plan.messages_json);
    object.text("role", role);
    object.text("content", content);
    object.close();
  }
  plan.messages_json += ']';
  return {};
}

Result<void> read_parameters(Plan& plan, dom::element value) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad("parameters", "must be an object");
  plan.parameters_json.clear();
  codec::JsonObjectWriter object(plan.parameters_json);
  for (const dom::key_value_pair field : fields) {
    if (field.value.is_null()) continue;
    if (field.key == "messages" || field.key == "model_id")
      return bad("parameters", fmt::format("{} is no parameter", field.key));
    codec::append_json(object.key(field.key), field.value);
  }
  object.close();
  return {};
}

// {"type":"exact_match"} or {"type":"judge","judge":"topicality"}.
Result<void> read_evaluator(Plan& plan, dom::element item) {
  std::string_view type, judge;
  if (item["type"].get(type) != simdjson::SUCCESS) return bad("evaluators", "each has a type");
  const auto names = check_names();
  std::vector<std::string>& to = type == kJudge ? plan.judges : plan.checks;
  if (type == kJudge) {
    if (item["judge"].get(judge) != simdjson::SUCCESS || judge.empty())
      return bad("evaluators", "an evaluator of the type judge names one");
  } else if (std::ranges::find(names, type) == names.end()) {
    return bad("evaluators", fmt::format("a type is judge, {}", fmt::join(names, ", ")));
  }
  const std::string_view label = type == kJudge ? judge : type;
  for (const auto* known : {&plan.checks, &plan.judges})
    if (std::ranges::find(*known, label) != known->end())
      return bad("evaluators", fmt::format("\"{}\" is named twice", label));
  to.emplace_back(label);
  return {};
}

Result<void> read_evaluators(Plan& plan, dom::element value) {
  dom::array items;
  if (value.get(items) != simdjson::SUCCESS) return bad("evaluators", "must be an array");
  if (items.size() > limits::experiment_run_evaluators_max)
    return bad("evaluators", fmt::format("name at most {}", limits::experiment_run_evaluators_max));
  for (const dom::element item : items) CATALEJO_TRY(read_evaluator(plan, item));
  return {};
}

Result<void> read_field(Plan& plan, std::string_view name, dom::element value) {
  constexpr std::size_t kName = limits::short_name_bytes_max;
  if (name == "name") return read_text(name, value, plan.name, kName);
  if (name == "description")
    return read_text(name, value, plan.description, limits::comment_bytes_max);
  if (name == "dataset_id") return read_text(name, value, plan.dataset, kName);
  if (name == "deployment") return read_text(name, value, plan.deployment, kName);
  if (name == "dataset_version") return read_count(name, value, plan.dataset_version, INT32_MAX);
  if (name == "records_max")
    return read_count(name, value, plan.records, limits::dataset_records_max);
  if (name == "times") return read_count(name, value, plan.times, limits::experiment_run_times_max);
  if (name == "prompt") return read_prompt(plan, value);
  if (name == "messages") return read_messages(plan, value);
  if (name == "parameters") return read_parameters(plan, value);
  if (name == "evaluators") return read_evaluators(plan, value);
  return bad(name, "there is no such field");
}

void append_prompt(codec::JsonObjectWriter& fields, const Plan& plan) {
  if (plan.prompt.empty()) return;
  codec::JsonObjectWriter prompt(fields.key("prompt"));
  prompt.text("id", plan.prompt);
  codec::append_json_number(prompt.key("version"), plan.prompt_version);
  prompt.close();
}

void append_evaluators(std::string& out, const Plan& plan) {
  out += '[';
  for (const std::string& name : plan.checks) {
    if (out.back() != '[') out += ',';
    out += R"({"type":)" + codec::json_quoted(name) + '}';
  }
  for (const std::string& name : plan.judges) {
    if (out.back() != '[') out += ',';
    out += R"({"type":"judge","judge":)" + codec::json_quoted(name) + '}';
  }
  out += ']';
}

}  // namespace

Result<Plan> read_plan(std::string_view json) {
  codec::JsonDocument document;
  std::string text(json);
  CATALEJO_TRY(document.parse(text));
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return bad("body", "must be an object");
  Plan plan;
  for (const dom::key_value_pair field : fields)
    if (!field.value.is_null()) CATALEJO_TRY(read_field(plan, field.key, field.value));
  if (plan.dataset.empty()) return bad("dataset_id", "dataset_id is missing");
  if (plan.messages_json.empty()) {
    if (plan.prompt.empty()) return bad("messages", "write messages, or name a prompt");
    return plan;
  }
  CATALEJO_TRY(check_messages(plan.messages_json));
  auto question = question_of(plan, plan.messages_json);
  if (!question) return question.error();
  return plan;
}

void append_plan(std::string& out, const Plan& plan) {
  codec::JsonObjectWriter fields(out);
  fields.text("name", plan.name);
  fields.text("description", plan.description);
  fields.text("dataset_id", plan.dataset);
  for (const auto& [name, number] : {std::pair{"dataset_version", plan.dataset_version},
                                     {"records_max", plan.records},
                                     {"times", plan.times}})
    if (number > 0) codec::append_json_number(fields.key(name), number);
  append_prompt(fields, plan);
  if (!plan.messages_json.empty()) fields.key("messages") += plan.messages_json;
  fields.text("deployment", plan.deployment);
  fields.key("parameters") += plan.parameters_json;
  append_evaluators(fields.key("evaluators"), plan);
  fields.close();
}

std::string config_of(const Plan& plan) {
  std::string config;
  codec::JsonObjectWriter fields(config);
  fields.text("deployment", plan.deployment);
  append_prompt(fields, plan);
  // A prompt says by its version what it asks, and an experiment has no room for a book.
  if (plan.prompt.empty() && plan.messages_json.size() <= limits::comment_bytes_max)
    fields.key("messages") += plan.messages_json;
  if (plan.parameters_json.size() > 2 && plan.parameters_json.size() <= limits::comment_bytes_max)
    fields.key("parameters") += plan.parameters_json;
  fields.close();
  return config;
}

Result<std::string> messages_of_prompt(std::string_view text_json) {
  codec::JsonDocument document;
  std::string text(text_json), messages = "[";
  CATALEJO_TRY(document.parse(text));
  const dom::element root = codec::root(document);
  const auto add = [&messages](std::string_view role, std::string_view content) {
    if (messages.back() != '[') messages += ',';
    codec::JsonObjectWriter object(messages);
    object.text("role", role);
    object.text("content", content);
    object.close();
  };
  std::string_view whole, role, content;
  dom::array items;
  if (root.get(whole) == simdjson::SUCCESS) {
    add("user", whole);
  } else if (root.get(items) == simdjson::SUCCESS) {
    for (const dom::element item : items) {
      if (item["role"].get(role) == simdjson::SUCCESS &&
          item["content"].get(content) == simdjson::SUCCESS) {
        add(role, content);
      } else if (item["name"].get(content) == simdjson::SUCCESS) {
        add("user", "{{" + std::string(content) + "}}");
      } else {
        return bad("prompt", "the prompt has a message that is no text");
      }
    }
  }
  if (messages.size() == 1) return bad("prompt", "the prompt has no messages");
  return messages + ']';
}

Result<playground::Question> question_of(const Plan& plan, std::string_view messages_json) {
  std::string asked;
  codec::JsonObjectWriter fields(asked);
  fields.text("model_id", plan.deployment);
  fields.key("messages") += messages_json;
  fields.close();
  if (plan.parameters_json.size() > 2) {
    asked.back() = ',';
    asked += plan.parameters_json.substr(1);
  }
  return playground::read_question(asked);
}

}  // namespace catalejo::evaluate::experiments
