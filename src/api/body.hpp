// Bodies of requests that change something: a JSON object, read field by field. For this folder
// only.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "api/routes.hpp"
#include "base/result.hpp"
#include "codec/json_dom.hpp"

namespace catalejo::api {

// What is written by hand, or clicked together.
inline constexpr std::size_t kSmallBodyBytesMax = 16u << 10;

Error no_such_field(std::string_view name);
Result<std::string> read_text(std::string_view name, codec::dom::element value);
// Into the text of that name; Error bad_request when there is none.
Result<void> read_text_field(
    std::string_view name, codec::dom::element value,
    std::initializer_list<std::pair<std::string_view, std::string*>> texts);
Result<std::int64_t> read_number(std::string_view name, codec::dom::element value);
// The id at {…} of a route.
Result<std::int64_t> parse_number(const std::string& id);
// Who changed something, as the log says it: never the key itself.
std::string who(const ApiPtr& api, const net::Request& request);
// Who answers or changes: as they say themselves, else as their key is called.
std::string author_or_key(const ApiPtr& api, const net::Request& request, std::string author);
// {"<name>":<id>}
net::Response number_answer(std::string_view name, std::int64_t id);

// Gives every field that is not null to `read(name, value)`, which gives a Result<void>.
template <typename Read>
Result<void> read_body(std::string body, Read read, std::size_t bytes_max = kSmallBodyBytesMax) {
  if (body.size() > bytes_max)
    return Error{Code::body_too_large, "the body is longer than this route takes", "body"};
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  codec::dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return bad("body", "must be an object");
  for (const codec::dom::key_value_pair field : fields) {
    if (field.value.is_null()) continue;
    CATALEJO_TRY(read(field.key, field.value));
  }
  return {};
}

}  // namespace catalejo::api
