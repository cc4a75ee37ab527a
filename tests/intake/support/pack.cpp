#include "pack.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

#include "codec/json_dom.hpp"

namespace catalejo::intake {
namespace {

namespace dom = codec::dom;

void big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift);
}

void header(std::string& out, char code, std::size_t size) {
  out += code;
  big_endian(out, size, 4);
}

void value(std::string& out, dom::element element);

void object(std::string& out, dom::object fields) {
  dom::element special;
  if (fields["$bin"].get(special) == simdjson::SUCCESS) {
    std::string inner;
    value(inner, special);
    header(out, '\xc6', inner.size());
    out += inner;
    return;
  }
  if (fields["$raw"].get(special) == simdjson::SUCCESS) {
    const std::string hex(codec::text_or_empty(special));
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
      out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return;
  }
  header(out, '\xdf', fields.size());
  for (const dom::key_value_pair field : fields) {
    header(out, '\xdb', field.key.size());
    out += field.key;
    value(out, field.value);
  }
}

void value(std::string& out, dom::element element) {
  switch (element.type()) {
    case dom::element_type::OBJECT:
      return object(out, element.get_object().value_unsafe());
    case dom::element_type::ARRAY: {
      const dom::array items = element.get_array().value_unsafe();
      header(out, '\xdd', items.size());
      for (const dom::element item : items) value(out, item);
      return;
    }
    case dom::element_type::STRING: {
      const std::string_view text = element.get_string().value_unsafe();
      header(out, '\xdb', text.size());
      out += text;
      return;
    }
    case dom::element_type::INT64:
      out += '\xd3';
      return big_endian(out, static_cast<std::uint64_t>(element.get_int64().value_unsafe()), 8);
    case dom::element_type::UINT64:
      out += '\xcf';
      return big_endian(out, element.get_uint64().value_unsafe(), 8);
    case dom::element_type::DOUBLE:
      out += '\xcb';
      return big_endian(out, std::bit_cast<std::uint64_t>(element.get_double().value_unsafe()), 8);
    case dom::element_type::BOOL:
      out += element.get_bool().value_unsafe() ? '\xc3' : '\xc2';
      return;
    case dom::element_type::NULL_VALUE:
      out += '\xc0';
      return;
  }
}

}  // namespace

std::string pack(std::string json) {
  codec::JsonDocument document;
  const Result<void> parsed = document.parse(json);
  EXPECT_TRUE(parsed) << json;
  std::string out;
  if (parsed) value(out, codec::root(document));
  return out;
}

}  // namespace catalejo::intake
