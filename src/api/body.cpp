#include "api/body.hpp"

#include <fmt/format.h>

#include "api/guard.hpp"
#include "api/spans_json.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"

namespace catalejo::api {

Error no_such_field(std::string_view name) {
  return bad(name, fmt::format("there is no field '{}' here", name));
}

Result<std::string> read_text(std::string_view name, codec::dom::element value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return bad(name, "must be a text");
  return std::string(text);
}

Result<void> read_text_field(
    std::string_view name, codec::dom::element value,
    std::initializer_list<std::pair<std::string_view, std::string*>> texts) {
  for (const auto& [key, part] : texts) {
    if (name != key) continue;
    auto text = read_text(name, value);
    if (!text) return text.error();
    *part = *std::move(text);
    return {};
  }
  return no_such_field(name);
}

Result<std::int64_t> read_number(std::string_view name, codec::dom::element value) {
  std::int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS) return bad(name, "must be a whole number");
  return number;
}

Result<std::int64_t> parse_number(const std::string& id) {
  const auto number = parse_decimal64(id);
  if (number && *number <= INT64_MAX) return static_cast<std::int64_t>(*number);
  return bad("id", "this is no number of an entry");
}

std::string who(const ApiPtr& api, const net::Request& request) {
  if (!api->options.keys_required()) return "this machine, without a key";
  if (!api->options.name_key) return "a key";
  return api->options.name_key(key_of(request));
}

std::string author_or_key(const ApiPtr& api, const net::Request& request, std::string author) {
  if (author.empty() && api->options.keys_required()) author = who(api, request);
  return author.substr(0, limits::short_name_bytes_max);
}

net::Response number_answer(std::string_view name, std::int64_t id) {
  std::string body;
  Fields fields(body);
  fields.integer(name, id);
  fields.close();
  return json_answer(std::move(body));
}

}  // namespace catalejo::api
