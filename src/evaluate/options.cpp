#include "evaluate/options.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace catalejo::evaluate {
namespace {

namespace dom = simdjson::dom;

constexpr auto kFound = simdjson::SUCCESS;
constexpr std::size_t kListMax = 64;  // each entry is looked for in each text
constexpr std::size_t kWordBytesMax = 256;

// The one list that an evaluator asks for, and nothing beside it.
Result<dom::array> list_in(dom::parser& parser, std::string_view json, std::string_view name) {
  dom::object fields;
  if (parser.parse(json.data(), json.size()).get(fields) != kFound)
    return bad("options", "must be a JSON object");
  for (const auto& field : fields)
    if (field.key != name)
      return bad(fmt::format("options.{}", field.key),
                 fmt::format("is not known; there is {}", name));
  dom::array list;
  if (fields[name].get(list) != kFound)
    return bad(fmt::format("options.{}", name), "must be a list");
  if (list.size() == 0) return bad(fmt::format("options.{}", name), "is empty");
  if (list.size() > kListMax)
    return bad(fmt::format("options.{}", name), fmt::format("has more than {} entries", kListMax));
  return list;
}

Result<std::string> read_word(dom::element value, const std::string& where) {
  std::string_view text;
  if (value.get(text) != kFound) return bad(where, "must be a text");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return bad(where, "is empty");
  if (text.size() > kWordBytesMax)
    return bad(where, fmt::format("is longer than {} bytes", kWordBytesMax));
  return std::string(text);
}

Result<Topic> read_topic(dom::element value, const std::string& where) {
  dom::object fields;
  if (value.get(fields) != kFound) return bad(where, "must be an object with a name");
  Topic topic;
  for (const auto& field : fields) {
    const std::string place = fmt::format("{}.{}", where, field.key);
    if (field.key == "name") {
      auto name = read_word(field.value, place);
      if (!name) return name.error();
      topic.name = *std::move(name);
    } else if (field.key == "words") {
      dom::array words;
      if (field.value.get(words) != kFound) return bad(place, "must be a list");
      if (words.size() > kListMax)
        return bad(place, fmt::format("has more than {} entries", kListMax));
      for (const dom::element each : words) {
        auto word = read_word(each, place);
        if (!word) return word.error();
        topic.words.push_back(*std::move(word));
      }
    } else {
      return bad(place, "is not known; there are name and words");
    }
  }
  if (topic.name.empty()) return bad(where + ".name", "is missing");
  return topic;
}

}  // namespace

Result<std::vector<std::string>> read_tokens(std::string_view json, std::size_t token_bytes_min) {
  dom::parser parser;
  auto list = list_in(parser, json, "tokens");
  if (!list) return list.error();
  std::vector<std::string> tokens;
  for (const dom::element each : *list) {
    const std::string where = fmt::format("options.tokens[{}]", tokens.size());
    auto token = read_word(each, where);
    if (!token) return token.error();
    if (token->size() < token_bytes_min)
      return bad(where,
                 fmt::format("is shorter than {} bytes: anything would hold it", token_bytes_min));
    tokens.push_back(*std::move(token));
  }
  return tokens;
}

Result<std::vector<Topic>> read_topics(std::string_view json) {
  dom::parser parser;
  auto list = list_in(parser, json, "topics");
  if (!list) return list.error();
  std::vector<Topic> topics;
  for (const dom::element each : *list) {
    auto topic = read_topic(each, fmt::format("options.topics[{}]", topics.size()));
    if (!topic) return topic.error();
    if (std::ranges::find(topics, topic->name, &Topic::name) != topics.end())
      return bad(fmt::format("options.topics[{}].name", topics.size()), "is there twice");
    topics.push_back(*std::move(topic));
  }
  return topics;
}

}  // namespace catalejo::evaluate
