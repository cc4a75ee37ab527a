#include "query/search/texts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"

namespace catalejo::query::search {
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

// A pattern of LIKE that finds the text anywhere.
std::string anywhere(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

// Stars at the ends of a word say nothing where it may stand inside another one anyway.
std::string trimmed_regex(const Text& text) {
  constexpr std::string_view kAny = R"([^\s"\\]*)";
  std::string_view regex = text.regex;
  while (regex.starts_with(kAny)) regex.remove_prefix(kAny.size());
  while (regex.ends_with(kAny)) regex.remove_suffix(kAny.size());
  return std::string(regex);
}

bool has_inner_wildcard(const Text& text) {
  const std::size_t first = text.literal.find_first_not_of('*');
  const std::size_t last = text.literal.find_last_not_of('*');
  return text.wildcard && first != std::string::npos &&
         text.literal.substr(first, last - first + 1).find_first_of("*?") != std::string::npos;
}

template <typename Write>
std::string any_column(std::span<const std::string_view> columns, const Write& write) {
  std::string made;
  for (const std::string_view column : columns) {
    if (!made.empty()) made += " OR ";
    made += write(column);
  }
  return columns.size() > 1 ? "(" + made + ")" : made;
}

}  // namespace

std::string write_occurs(StatementBuilder& out, std::span<const std::string_view> columns,
                         const Text& text) {
  if (has_inner_wildcard(text)) {
    const std::string pattern = out.bind_text("(?i)" + trimmed_regex(text));
    return any_column(columns,
                      [&](auto column) { return fmt::format("match({}, {})", column, pattern); });
  }
  std::string_view word = text.literal;
  if (text.wildcard) {
    word.remove_prefix(std::min(word.size(), word.find_first_not_of('*')));
    word = word.substr(0, word.find_last_not_of('*') + 1);
  }
  // Twice as fast over the long texts as positionCaseInsensitive(), and an index of words can
  // serve it (measured: README of this room).
  const std::string in_json = out.bind_text(anywhere(json_escaped(word)));
  std::string found =
      any_column(columns, [&](auto column) { return fmt::format("{} ILIKE {}", column, in_json); });
  if (!is_structure(word)) return found;
  // Cheap first: `if` looks at the decoded texts only of rows whose JSON holds the word.
  const std::string plain = out.bind_text(anywhere(word));
  const std::string decoded = any_column(columns, [&](auto column) {
    return fmt::format("{} ILIKE {}", decoded_texts(column), plain);
  });
  return fmt::format("if({}, {}, false)", found, decoded);
}

}  // namespace catalejo::query::search
