#include "query/preview.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "base/limits.hpp"

namespace catalejo::query {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

// Whatever a client put where a text is expected.
std::string text_of(element value) {
  if (std::string_view text; value.get(text) == simdjson::SUCCESS) return std::string(text);
  if (value.is_null()) return {};
  if (array parts; value.get(parts) == simdjson::SUCCESS) {
    // Parts of a message: [{"type":"text","text":"…"},{"type":"image_url",…}]
    std::string joined;
    for (const element part : parts) {
      std::string_view text;
      if (part.get(text) != simdjson::SUCCESS && part["text"].get(text) != simdjson::SUCCESS)
        continue;
      if (!joined.empty()) joined += ' ';
      joined += text;
    }
    if (!joined.empty()) return joined;
  }
  return simdjson::minify(value);
}

std::string text_at(element parent, std::string_view key) {
  element value;
  if (parent[key].get(value) != simdjson::SUCCESS) return {};
  return text_of(value);
}

std::string tool_call_of(element message) {
  array calls;
  if (message["tool_calls"].get(calls) != simdjson::SUCCESS || calls.size() == 0) return {};
  const element call = calls.at(0);
  std::string arguments = text_at(call, "arguments");
  std::string text = fmt::format("{}({})", text_at(call, "name"), arguments);
  if (calls.size() > 1) text += fmt::format(" +{}", calls.size() - 1);
  return text;
}

std::string message_text(element message) {
  std::string text = text_at(message, "content");
  if (!text.empty()) return text;
  text = tool_call_of(message);
  if (!text.empty()) return text;
  array results;
  if (message["tool_results"].get(results) == simdjson::SUCCESS && results.size() > 0)
    return text_at(results.at(0), "result");
  return {};
}

// The last message of that role with something to show, else the last one that has anything.
std::string of_messages(array messages, std::string_view role_wanted) {
  std::string of_role, of_any;
  for (const element message : messages) {
    std::string text = message_text(message);
    if (text.empty()) continue;
    std::string_view role;
    if (message["role"].get(role) == simdjson::SUCCESS && role == role_wanted) of_role = text;
    of_any = std::move(text);
  }
  return of_role.empty() ? of_any : of_role;
}

std::string of_documents(array documents) {
  for (const element document : documents) {
    for (const std::string_view key : {"text", "name", "id"}) {
      std::string text = text_at(document, key);
      if (!text.empty()) return text;
    }
  }
  return {};
}

std::string text_of_io(std::string_view json, std::string_view role_wanted) {
  thread_local simdjson::dom::parser parser;
  element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS)
    return std::string(json);
  std::string text;
  array items;
  if (root["messages"].get(items) == simdjson::SUCCESS) text = of_messages(items, role_wanted);
  if (text.empty()) text = text_at(root, "value");
  if (text.empty() && root["documents"].get(items) == simdjson::SUCCESS) text = of_documents(items);
  if (text.empty()) text = text_at(root, "parameters");
  if (!text.empty()) return text;
  object fields;
  const bool known = root.get(fields) == simdjson::SUCCESS &&
                     (fields.size() == 0 || root["messages"].error() == simdjson::SUCCESS ||
                      root["value"].error() == simdjson::SUCCESS ||
                      root["documents"].error() == simdjson::SUCCESS);
  return known ? std::string() : std::string(json);
}

std::string preview(std::string_view json, std::string_view role_wanted) {
  if (json.empty()) return {};
  return shorten(text_of_io(json, role_wanted), limits::preview_characters_max);
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace

std::string preview_of_input(std::string_view input_json) {
  return preview(input_json, "user");
}

std::string text_of_input(std::string_view input_json) {
  return input_json.empty() ? std::string() : text_of_io(input_json, "user");
}

std::string preview_of_output(std::string_view output_json) {
  return preview(output_json, "assistant");
}

std::string shorten(std::string_view text, std::size_t characters_max) {
  std::string line;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (is_space(text[i])) {
      while (i < text.size() && is_space(text[i])) ++i;
      if (line.empty() || i == text.size()) continue;
      if (++characters > characters_max) break;
      line += ' ';
      continue;
    }
    std::size_t end = i + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    if (++characters > characters_max) break;
    line += text.substr(i, end - i);
    i = end;
  }
  return line;
}

}  // namespace catalejo::query
