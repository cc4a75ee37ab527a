// Filter → the condition of a WHERE.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "query/filter.hpp"

namespace catalejo::query {
namespace {

// The JSON around the text. A word that is part of one of these would match every row when the
// columns are searched as they are, so it is looked for in the decoded texts, which is slower.
constexpr std::string_view kStructure =
    "{\"messages\":[{\"role\":\"user\",\"content\":\"assistant\",\"system\",\"tool\",\"developer\","
    "\"tool_calls\",\"name\",\"arguments\",\"tool_id\",\"type\":\"function\",\"tool_results\","
    "\"result\",\"value\":\"\",\"documents\":[],\"text\",\"score\",\"id\",\"prompt\","
    "\"parameters\","
    "\"image_parts\",\"audio_parts\",\"mime_type\",\"attachment_key\",\"template\",\"variables\","
    "\"null\":null,\"true\":true,\"false\":false}]}";

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool is_structure(std::string_view word) {
  return kStructure.find(lower_ascii(word)) != std::string_view::npos;
}

// What JSON writes between the quotes for this text: the columns hold JSON.
std::string json_escaped(std::string_view word) {
  std::string escaped;
  for (const char c : word) {
    switch (c) {
      case '"':
        escaped += "\\\"";
        break;
      case '\\':
        escaped += "\\\\";
        break;
      case '\n':
        escaped += "\\n";
        break;
      case '\r':
        escaped += "\\r";
        break;
      case '\t':
        escaped += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          escaped += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          escaped += c;
        }
    }
  }
  return escaped;
}

// The texts a person wrote or read in one column, without the JSON around them.
std::string decoded_texts(std::string_view column) {
  return fmt::format(
      "concat(JSONExtractString({0}, 'value'), ' ', "
      "arrayStringConcat(arrayMap(m -> concat(JSONExtractString(m, 'content'), ' ', "
      "JSONExtractRaw(m, 'tool_calls')), JSONExtractArrayRaw({0}, 'messages')), ' '), ' ', "
      "arrayStringConcat(arrayMap(d -> JSONExtractString(d, 'text'), "
      "JSONExtractArrayRaw({0}, 'documents')), ' '))",
      column);
}

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// Cheap first: `if` looks at the decoded texts only of rows whose JSON holds every word.
void write_words(StatementBuilder& out, const std::vector<std::string>& words) {
  std::string in_json, in_texts;
  for (const std::string& word : words) {
    const std::string_view position =
        is_ascii(word) ? "positionCaseInsensitive" : "positionCaseInsensitiveUTF8";
    in_json +=
        fmt::format("{0}({1}(input, {2}) > 0 OR {1}(output, {2}) > 0)",
                    in_json.empty() ? "" : " AND ", position, out.bind_text(json_escaped(word)));
    if (!is_structure(word)) continue;
    in_texts +=
        fmt::format("{}{}(concat({}, ' ', {}), {}) > 0", in_texts.empty() ? "" : " AND ", position,
                    decoded_texts("input"), decoded_texts("output"), out.bind_text(word));
  }
  out << (in_texts.empty() ? "\n  AND " + in_json
                           : fmt::format("\n  AND if({}, {}, false)", in_json, in_texts));
}

void write_field(StatementBuilder& out, const FieldFilter& filter) {
  const auto write = [&](std::string_view verb, const std::vector<std::string>& values) {
    if (values.empty()) return;
    out << fmt::format("\n  AND {} {} {}", filter.field->column, verb, out.bind_texts(values));
  };
  write("IN", filter.wanted);
  write("NOT IN", filter.excluded);
}

std::string_view view_condition(View view) {
  switch (view) {
    case View::traces:
      return "\n  AND half IN (1, 3) AND parent_id = 0";
    case View::spans:
      return "\n  AND half IN (1, 3)";
    case View::apm:
      return "\n  AND half IN (2, 3)";
  }
  return "";
}

}  // namespace

void write_condition(StatementBuilder& out, const Filter& filter) {
  out << fmt::format("start >= {} AND start <= {}", out.bind_time(filter.from),
                     out.bind_time(filter.to));
  out << view_condition(filter.view);
  for (const FieldFilter& field : filter.fields) write_field(out, field);
  for (const TagFilter& tag : filter.tags) {
    out << fmt::format("\n  AND tags[{}] {} {}", out.bind_text(tag.key), tag.excluded ? "!=" : "=",
                       out.bind_text(tag.value));
  }
  if (filter.trace_id) {
    const std::string id = out.bind_trace_id(*filter.trace_id);
    out << fmt::format("\n  AND (trace_id = {0} OR apm_trace_id = {0})", id);
  }
  if (filter.span_id)
    out << fmt::format("\n  AND span_id = {}", out.bind("UInt64", to_decimal(*filter.span_id)));
  if (filter.duration_ns_min)
    out << fmt::format("\n  AND duration_ns >= {}", out.bind_int(*filter.duration_ns_min));
  if (filter.duration_ns_max)
    out << fmt::format("\n  AND duration_ns <= {}", out.bind_int(*filter.duration_ns_max));
  if (!filter.words.empty()) write_words(out, filter.words);
}

}  // namespace catalejo::query
