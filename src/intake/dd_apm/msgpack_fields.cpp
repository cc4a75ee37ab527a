#include "intake/dd_apm/msgpack_fields.hpp"

#include <cmath>
#include <string>

#include "codec/utf8.hpp"

namespace catalejo::intake::dd_apm {
namespace {

using Type = codec::MsgpackReader::Type;

}  // namespace

void FieldReader::wrong_type() {
  span_->wrong_type = true;
  reader_.skip();
}

std::string_view FieldReader::text() {
  if (reader_.peek() == Type::text) return clean(reader_.read_text());
  if (reader_.peek() == Type::nil) {
    reader_.read_nil();
  } else {
    wrong_type();
  }
  return {};
}

std::string_view FieldReader::clean(std::string_view text) {
  if (codec::is_utf8(text)) return text;
  span_->flags |= model::flag_invalid_utf8;
  std::string replaced;
  codec::append_as_utf8(replaced, text);
  return arena_.copy(replaced);
}

std::uint64_t FieldReader::id() {
  if (reader_.peek() == Type::unsigned_integer) return reader_.read_unsigned();
  return static_cast<std::uint64_t>(integer());  // some clients write 64-bit ids as signed
}

std::int64_t FieldReader::integer() {
  switch (reader_.peek()) {
    case Type::signed_integer:
      return reader_.read_signed();
    case Type::unsigned_integer: {
      const std::uint64_t value = reader_.read_unsigned();
      if (value > INT64_MAX) span_->wrong_type = true;
      return static_cast<std::int64_t>(value);
    }
    case Type::float32:
    case Type::float64: {
      const double value = reader_.read_float();
      if (value >= -9.2e18 && value <= 9.2e18) return std::llround(value);
      span_->wrong_type = true;
      return 0;
    }
    case Type::nil:
      reader_.read_nil();
      return 0;
    default:
      wrong_type();
      return 0;
  }
}

bool FieldReader::number(double& out) {
  switch (reader_.peek()) {
    case Type::signed_integer:
    case Type::unsigned_integer:
    case Type::float32:
    case Type::float64:
      out = reader_.read_number();
      break;
    case Type::nil:
      reader_.read_nil();
      return false;
    default:
      wrong_type();
      return false;
  }
  if (!std::isfinite(out)) span_->flags |= model::flag_number_text;
  return std::isfinite(out);
}

bool FieldReader::flag() {
  if (reader_.peek() == Type::boolean) return reader_.read_bool();
  return integer() != 0;
}

std::uint32_t FieldReader::array() {
  if (reader_.peek() == Type::array) return reader_.read_array();
  if (reader_.peek() == Type::nil) {
    reader_.read_nil();
  } else {
    wrong_type();
  }
  return 0;
}

std::uint32_t FieldReader::map() {
  if (reader_.peek() == Type::map) return reader_.read_map();
  if (reader_.peek() == Type::nil) {
    reader_.read_nil();
  } else {
    wrong_type();
  }
  return 0;
}

}  // namespace catalejo::intake::dd_apm
