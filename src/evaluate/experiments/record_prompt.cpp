#include "evaluate/experiments/record_prompt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "evaluate/judge/prompt.hpp"

namespace catalejo::evaluate::experiments {
namespace {

namespace dom = codec::dom;

constexpr std::string_view kInput = "input", kMetadata = "metadata", kExpected = "expected_output";

bool is_of(std::string_view name, std::string_view root) {
  return name.starts_with(root) && (name.size() == root.size() || name[root.size()] == '.');
}

// "" of "input", "a.b" of "input.a.b".
std::string_view path_below(std::string_view name, std::string_view root) {
  name.remove_prefix(root.size());
  if (name.starts_with('.')) name.remove_prefix(1);
  return name;
}

bool is_name(std::string_view name) {
  return !name.empty() && !name.starts_with('.') && !name.ends_with('.') &&
         std::ranges::all_of(name, [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte >= 0x80 || std::isalnum(byte) != 0 || c == '_' || c == '-' || c == '.';
         });
}

// A field whose name has dots is found before those that are nested.
std::optional<dom::element> find(dom::element value, std::string_view path) {
  if (path.empty()) return value;
  const std::string_view first = path.substr(0, path.find('.'));
  const std::string_view rest = path.substr(std::min(path.size(), first.size() + 1));
  dom::object fields;
  dom::array items;
  dom::element found;
  if (value.get(fields) == simdjson::SUCCESS) {
    if (fields[path].get(found) == simdjson::SUCCESS) return found;
    if (fields[first].get(found) == simdjson::SUCCESS) return find(found, rest);
  } else if (value.get(items) == simdjson::SUCCESS) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), index);
    if (error == std::errc() && end == first.data() + first.size() &&
        items.at(index).get(found) == simdjson::SUCCESS)
      return find(found, rest);
  }
  return std::nullopt;
}

// [{"role":…,"content":…},…], also as {"messages":[…]}, of texts alone.
std::optional<dom::array> chat_of(dom::element value) {
  dom::array messages;
  dom::element inside;
  if (value.is_object() && value["messages"].get(inside) == simdjson::SUCCESS) value = inside;
  if (value.get(messages) != simdjson::SUCCESS || messages.begin() == messages.end())
    return std::nullopt;
  for (const dom::element message : messages) {
    std::string_view role, content;
    if (message["role"].get(role) != simdjson::SUCCESS ||
        message["content"].get(content) != simdjson::SUCCESS || content.empty())
      return std::nullopt;
  }
  return messages;
}

// A bare text is kept as {"value":"…"}.
dom::element unwrapped(dom::element value) {
  dom::object fields;
  dom::element inside;
  if (value.get(fields) == simdjson::SUCCESS && fields.size() == 1 &&
      fields["value"].get(inside) == simdjson::SUCCESS && inside.is_string())
    return inside;
  return value;
}

std::string text_of(dom::element value) {
  value = unwrapped(value);
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  std::string json;
  codec::append_json(json, value);
  return json;
}

class Filling {
 public:
  Result<void> read(const store::DatasetRecord& record) {
    std::string input = record.input, metadata = record.metadata;
    CATALEJO_TRY(input_.parse(input));
    return metadata_.parse(metadata);
  }

  Result<dom::element> value(std::string_view name) const {
    const bool of_metadata = is_of(name, kMetadata);
    const std::string_view path = of_metadata           ? path_below(name, kMetadata)
                                  : is_of(name, kInput) ? path_below(name, kInput)
                                                        : name;
    const auto found = find(codec::root(of_metadata ? metadata_ : input_), path);
    if (found) return *found;
    return bad("variable", fmt::format("the record has no \"{}\"", name));
  }

  Result<void> add(std::string_view role, std::string_view text) {
    const auto pieces = judge::pieces_of(text);
    if (pieces.size() == 1 && pieces.front().is_variable) {
      auto whole = value(pieces.front().text);
      if (!whole) return whole.error();
      if (const auto chat = chat_of(*whole)) {
        for (const dom::element message : *chat)
          CATALEJO_TRY(add_plain(message["role"].get_string().value_unsafe(),
                                 message["content"].get_string().value_unsafe()));
        return {};
      }
    }
    std::string filled;
    for (const judge::Piece& piece : pieces) {
      if (!piece.is_variable) {
        filled += piece.text;
        continue;
      }
      auto found = value(piece.text);
      if (!found) return found.error();
      filled += text_of(*found);
    }
    return add_plain(role, filled);
  }

  std::string messages() && { return std::move(out_) + ']'; }

 private:
  Result<void> add_plain(std::string_view role, std::string_view text) {
    if (out_.back() != '[') out_ += ',';
    codec::JsonObjectWriter object(out_);
    object.text("role", role);
    object.text("content", text);
    object.close();
    if (out_.size() <= limits::experiment_question_bytes_max) return {};
    return bad("too_large", fmt::format("with this record the messages have more than {} bytes",
                                        limits::experiment_question_bytes_max));
  }

  codec::JsonDocument input_, metadata_;
  std::string out_ = "[";
};

// Calls `each(role, text)`, which gives a Result<void>, for the messages.
template <typename Each>
Result<void> for_messages(std::string_view messages_json, Each each) {
  codec::JsonDocument document;
  std::string text(messages_json);
  CATALEJO_TRY(document.parse(text));
  dom::array messages;
  if (codec::root(document).get(messages) != simdjson::SUCCESS)
    return bad("messages", "must be an array");
  for (const dom::element message : messages) {
    std::string_view role, content;
    if (message["role"].get(role) != simdjson::SUCCESS ||
        message["content"].get(content) != simdjson::SUCCESS)
      return bad("messages", "each has a role and a content, as texts");
    CATALEJO_TRY(each(role, content));
  }
  return {};
}

}  // namespace

Result<void> check_messages(std::string_view messages_json) {
  std::size_t variables = 0;
  CATALEJO_TRY(for_messages(messages_json, [&](auto, std::string_view text) -> Result<void> {
    for (const judge::Piece& piece : judge::pieces_of(text)) {
      if (!piece.is_variable) continue;
      ++variables;
      if (is_of(piece.text, kExpected))
        return bad("messages",
                   "{{expected_output}} would give the answer away; evaluators compare with it");
      if (!is_name(piece.text))
        return bad("messages",
                   fmt::format("\"{{{{{}}}}}\" is no variable: {{{{input}}}}, {{{{input.FIELD}}}}, "
                               "{{{{metadata.FIELD}}}} or the name of a field of the input",
                               piece.text));
    }
    return {};
  }));
  if (variables > 0) return {};
  return bad("messages",
             "no variable of the record is in the messages, so that all records would be asked the "
             "same; write {{input}} where it belongs");
}

Result<std::string> fill(std::string_view messages_json, const store::DatasetRecord& record) {
  Filling filling;
  CATALEJO_TRY(filling.read(record));
  CATALEJO_TRY(for_messages(messages_json, [&](std::string_view role, std::string_view text) {
    return filling.add(role, text);
  }));
  return std::move(filling).messages();
}

std::string text_of(std::string_view json) {
  codec::JsonDocument document;
  std::string text(json);
  if (!document.parse(text)) return std::string(json);
  const dom::element value = codec::root(document);
  if (const auto chat = chat_of(value); chat && chat->size() == 1)
    return std::string(chat->at(0)["content"].get_string().value_unsafe());
  return text_of(value);
}

}  // namespace catalejo::evaluate::experiments
