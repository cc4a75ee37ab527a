#include "evaluate/playground/completion.hpp"

#include <algorithm>

#include "codec/json_dom.hpp"

namespace catalejo::evaluate::playground {
namespace {

namespace dom = codec::dom;
using Field = simdjson::simdjson_result<dom::element>;

std::string text_of(const Field& field) {
  return field.error() == simdjson::SUCCESS
             ? std::string(codec::text_or_empty(field.value_unsafe()))
             : "";
}

std::int64_t count_of(const Field& field) {
  std::int64_t count = 0;
  return field.get(count) == simdjson::SUCCESS ? std::max<std::int64_t>(0, count) : 0;
}

std::string object_of(const Field& field) {
  std::string json;
  if (field.error() == simdjson::SUCCESS && field.value_unsafe().is_object())
    codec::append_json(json, field.value_unsafe());
  return json;
}

std::vector<ToolCall> calls_of(const Field& field) {
  std::vector<ToolCall> calls;
  dom::array items;
  if (field.get(items) != simdjson::SUCCESS) return calls;
  for (const dom::element item : items)
    calls.push_back({.id = text_of(item["id"]),
                     .name = text_of(item["function"]["name"]),
                     .arguments = text_of(item["function"]["arguments"])});
  return calls;
}

}  // namespace

Result<Completion> read_completion(std::string_view body) {
  const Error other{Code::bad_request,
                    "the deployment answered something else than a chat completion", "answer"};
  codec::JsonDocument document;
  std::string text(body);
  dom::element choice;
  if (!document.parse(text)) return other;
  const dom::element root = codec::root(document);
  if (root["choices"].at(0).get(choice) != simdjson::SUCCESS) return other;
  Completion completion{
      .model = text_of(root["model"]),
      .said = text_of(choice["message"]["content"]),
      .finish_reason = text_of(choice["finish_reason"]),
      .calls = calls_of(choice["message"]["tool_calls"]),
      .input_tokens = count_of(root["usage"]["prompt_tokens"]),
      .output_tokens = count_of(root["usage"]["completion_tokens"]),
      .reasoning_tokens = count_of(root["usage"]["completion_tokens_details"]["reasoning_tokens"]),
      .prompt_filter_json =
          object_of(root["prompt_filter_results"].at(0)["content_filter_results"]),
      .answer_filter_json = object_of(choice["content_filter_results"])};
  if (completion.said.empty()) completion.said = text_of(choice["message"]["refusal"]);
  return completion;
}

}  // namespace catalejo::evaluate::playground
