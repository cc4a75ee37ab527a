#include "codec/json.hpp"

#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_repair.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::codec {
namespace {

// The parser's index costs 4 bytes per byte of input; a thread keeps one of modest size only.
constexpr std::size_t kParserBytesKept = 4u << 20;

dom::parser& thread_parser(std::size_t bytes) {
  thread_local std::unique_ptr<dom::parser> parser;
  if (!parser || (parser->capacity() > kParserBytesKept && bytes <= kParserBytesKept)) {
    parser = std::make_unique<dom::parser>();
    // Fails only without memory; then the parse that follows says so. One level more than the
    // limit, because simdjson refuses the depth itself.
    if (parser->allocate(64u << 10, limits::nesting_depth_max + 1) != simdjson::SUCCESS)
      parser = std::make_unique<dom::parser>();
  }
  return *parser;
}

simdjson::error_code parse_strictly(dom::document& document, std::string& text) {
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  return thread_parser(text.size())
      .parse_into_document(document, text.data(), text.size(), false)
      .error();
}

}  // namespace

JsonDocument::JsonDocument() : state_(std::make_unique<State>()) {}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

Notes JsonDocument::notes() const {
  return state_->notes;
}

Result<void> JsonDocument::parse(std::string& text) {
  state_->notes = 0;
  if (parse_strictly(state_->document, text) == simdjson::SUCCESS) return {};
  Result<RepairedJson> repaired = repair_json(text);
  if (!repaired) return repaired.error();
  state_->notes = repaired->notes;
  const simdjson::error_code error = parse_strictly(state_->document, repaired->text);
  if (error == simdjson::SUCCESS) return {};
  return Error{Code::malformed, simdjson::error_message(error), "body"};
}

void append_json(std::string& out, dom::element value) {
  switch (value.type()) {
    case dom::element_type::OBJECT: {
      const dom::object fields = value.get_object().value_unsafe();
      char before = '{';
      for (const dom::key_value_pair field : fields) {
        append_json_key(out, before, field.key);
        append_json(out, field.value);
        before = ',';
      }
      if (before == '{') out += '{';
      out += '}';
      return;
    }
    case dom::element_type::ARRAY: {
      const dom::array items = value.get_array().value_unsafe();
      char before = '[';
      for (const dom::element item : items) {
        out += before;
        append_json(out, item);
        before = ',';
      }
      if (before == '[') out += '[';
      out += ']';
      return;
    }
    case dom::element_type::STRING:
      return append_json_string(out, value.get_string().value_unsafe());
    case dom::element_type::INT64:
      return append_json_number(out, std::int64_t{value.get_int64().value_unsafe()});
    case dom::element_type::UINT64:
      return append_json_number(out, std::uint64_t{value.get_uint64().value_unsafe()});
    case dom::element_type::DOUBLE:
      return append_json_number(out, value.get_double().value_unsafe());
    case dom::element_type::BOOL:
      out += value.get_bool().value_unsafe() ? "true" : "false";
      return;
    case dom::element_type::NULL_VALUE:
      out += "null";
      return;
  }
}

}  // namespace catalejo::codec
