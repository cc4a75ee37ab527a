#include "codec/msgpack.hpp"

#include <fmt/format.h>

#include <bit>
#include <limits>
#include <utility>

namespace catalejo::codec {

using Type = MsgpackReader::Type;

Error MsgpackReader::error() const {
  return {Code::malformed, "the body is no complete MessagePack of the expected shape",
          fmt::format("byte {}", offset())};
}

void MsgpackReader::fail() {
  if (!failed_) failed_at_ = cursor_;
  failed_ = true;
  cursor_ = end_;
}

unsigned char MsgpackReader::take_byte() {
  if (at_end()) {
    fail();
    return 0xc1;
  }
  return static_cast<unsigned char>(*cursor_++);
}

std::uint64_t MsgpackReader::take_big_endian(unsigned bytes) {
  std::uint64_t value = 0;
  for (char byte : take(bytes)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::string_view MsgpackReader::take(std::uint64_t size) {
  if (size > remaining()) {
    fail();
    return {};
  }
  return {std::exchange(cursor_, cursor_ + size), static_cast<std::size_t>(size)};
}

std::uint32_t MsgpackReader::take_count(std::uint64_t count, unsigned bytes_each_min) {
  if (count > remaining() / bytes_each_min) {
    fail();
    return 0;
  }
  return static_cast<std::uint32_t>(count);
}

void MsgpackReader::read_nil() {
  if (peek() != Type::nil) return fail();
  ++cursor_;
}

bool MsgpackReader::read_bool() {
  if (peek() != Type::boolean) {
    fail();
    return false;
  }
  return take_byte() == 0xc3;
}

std::uint64_t MsgpackReader::read_unsigned() {
  if (peek() != Type::unsigned_integer) {
    const std::int64_t value = read_signed();
    if (value < 0) fail();
    return value < 0 ? 0 : static_cast<std::uint64_t>(value);
  }
  const unsigned char head = take_byte();
  return head <= 0x7f ? head : take_big_endian(1u << (head - 0xcc));
}

std::int64_t MsgpackReader::read_signed() {
  if (peek() == Type::unsigned_integer) {
    const std::uint64_t value = read_unsigned();
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return static_cast<std::int64_t>(value);
    fail();
    return 0;
  }
  if (peek() != Type::signed_integer) {
    fail();
    return 0;
  }
  const unsigned char head = take_byte();
  if (head >= 0xe0) return static_cast<std::int8_t>(head);
  const unsigned bytes = 1u << (head - 0xd0);
  const unsigned shift = 64 - 8 * bytes;
  return static_cast<std::int64_t>(take_big_endian(bytes) << shift) >> shift;  // extends the sign
}

double MsgpackReader::read_float() {
  if (peek() == Type::float32) {
    ++cursor_;
    return std::bit_cast<float>(static_cast<std::uint32_t>(take_big_endian(4)));
  }
  if (peek() != Type::float64) {
    fail();
    return 0;
  }
  ++cursor_;
  return std::bit_cast<double>(take_big_endian(8));
}

double MsgpackReader::read_number() {
  switch (peek()) {
    case Type::unsigned_integer:
      return static_cast<double>(read_unsigned());
    case Type::signed_integer:
      return static_cast<double>(read_signed());
    default:
      return read_float();
  }
}

std::string_view MsgpackReader::read_text() {
  if (peek() != Type::text) {
    fail();
    return {};
  }
  const unsigned char head = take_byte();
  return take(head <= 0xbf ? head & 0x1fu : take_big_endian(1u << (head - 0xd9)));
}

std::string_view MsgpackReader::read_binary() {
  if (peek() != Type::binary) {
    fail();
    return {};
  }
  const unsigned char head = take_byte();
  return take(take_big_endian(1u << (head - 0xc4)));
}

std::uint32_t MsgpackReader::read_array() {
  if (peek() != Type::array) {
    fail();
    return 0;
  }
  const unsigned char head = take_byte();
  return take_count(head <= 0x9f ? head & 0x0fu : take_big_endian(2u << (head - 0xdc)), 1);
}

std::uint32_t MsgpackReader::read_map() {
  if (peek() != Type::map) {
    fail();
    return 0;
  }
  const unsigned char head = take_byte();
  return take_count(head <= 0x8f ? head & 0x0fu : take_big_endian(2u << (head - 0xde)), 2);
}

std::string_view MsgpackReader::read_extension() {
  if (peek() != Type::extension) {
    fail();
    return {};
  }
  const unsigned char head = take_byte();
  const std::uint64_t size =
      head >= 0xd4 ? 1u << (head - 0xd4) : take_big_endian(1u << (head - 0xc7));
  take_byte();  // the application's type number
  return take(size);
}

// Passes over one header and what it carries; gives how many values are still to come for it.
std::uint64_t MsgpackReader::skip_one() {
  switch (peek()) {
    case Type::array:
      return read_array();
    case Type::map:
      return 2ull * read_map();
    case Type::text:
      read_text();
      return 0;
    case Type::binary:
      read_binary();
      return 0;
    case Type::extension:
      read_extension();
      return 0;
    case Type::unsigned_integer:
      read_unsigned();
      return 0;
    case Type::signed_integer:
      read_signed();
      return 0;
    case Type::float32:
    case Type::float64:
      read_float();
      return 0;
    case Type::nil:
    case Type::boolean:
      take_byte();
      return 0;
    case Type::invalid:
      break;
  }
  fail();
  return 0;
}

void MsgpackReader::skip() {
  // Each turn consumes at least one byte, so this ends with the input.
  for (std::uint64_t pending = 1; pending > 0 && !failed_; --pending) pending += skip_one();
}

std::string_view MsgpackReader::take_value() {
  const char* start = cursor_;
  skip();
  return failed_ ? std::string_view{}
                 : std::string_view{start, static_cast<std::size_t>(cursor_ - start)};
}

}  // namespace catalejo::codec
