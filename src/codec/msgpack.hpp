// A pull reader for MessagePack: a cursor over bytes that someone else owns. It cannot overrun:
// each read checks what is left, then moves. The first failure sticks; the caller reads on with
// empty values and asks failed() at the end. Nothing is allocated, whatever a header claims:
// a count larger than the bytes that are left fails at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.hpp"

namespace catalejo::codec {

class MsgpackReader {
 public:
  enum class Type : std::uint8_t {
    nil,
    boolean,
    unsigned_integer,
    signed_integer,
    float32,
    float64,
    text,
    binary,
    array,
    map,
    extension,
    invalid,  // end of input, after a failure, or the byte 0xc1 that means nothing
  };

  explicit MsgpackReader(std::string_view bytes)
      : begin_(bytes.data()), cursor_(begin_), end_(begin_ + bytes.size()) {}

  Type peek() const {
    return at_end() ? Type::invalid : kTypes[static_cast<unsigned char>(*cursor_)];
  }
  bool at_end() const { return cursor_ == end_; }
  bool failed() const { return failed_; }
  // Where the cursor stands; after a failure, where it happened.
  std::size_t offset() const {
    return static_cast<std::size_t>((failed_ ? failed_at_ : cursor_) - begin_);
  }
  // What went wrong, in words, with the offset.
  Error error() const;

  // Each fails when the next value is of another type.
  void read_nil();
  bool read_bool();
  std::uint64_t read_unsigned();
  std::int64_t read_signed();  // any integer that fits
  double read_float();         // float32 or float64
  double read_number();        // any integer or float
  std::string_view read_text();
  std::string_view read_binary();
  std::uint32_t read_array();  // the count of values that follow
  std::uint32_t read_map();    // the count of pairs that follow
  std::string_view read_extension();

  // Passes over one value of any type and depth, without recursion.
  void skip();
  // The bytes of the next value, header included, and passes over it.
  std::string_view take_value();

 private:
  static const std::array<Type, 256> kTypes;  // by first byte

  std::uint64_t remaining() const { return static_cast<std::uint64_t>(end_ - cursor_); }
  unsigned char take_byte();
  std::uint64_t take_big_endian(unsigned bytes);
  std::string_view take(std::uint64_t size);
  std::uint32_t take_count(std::uint64_t count, unsigned bytes_each_min);
  void fail();
  std::uint64_t skip_one();

  const char* begin_;
  const char* cursor_;
  const char* end_;
  const char* failed_at_ = nullptr;
  bool failed_ = false;
};

namespace detail {

constexpr MsgpackReader::Type msgpack_type(unsigned head) {
  using Type = MsgpackReader::Type;
  if (head <= 0x7f) return Type::unsigned_integer;
  if (head <= 0x8f) return Type::map;
  if (head <= 0x9f) return Type::array;
  if (head <= 0xbf || (head >= 0xd9 && head <= 0xdb)) return Type::text;
  if (head == 0xc0) return Type::nil;
  if (head == 0xc2 || head == 0xc3) return Type::boolean;
  if (head >= 0xc4 && head <= 0xc6) return Type::binary;
  if ((head >= 0xc7 && head <= 0xc9) || (head >= 0xd4 && head <= 0xd8)) return Type::extension;
  if (head == 0xca) return Type::float32;
  if (head == 0xcb) return Type::float64;
  if (head >= 0xcc && head <= 0xcf) return Type::unsigned_integer;
  if (head == 0xdc || head == 0xdd) return Type::array;
  if (head == 0xde || head == 0xdf) return Type::map;
  return head == 0xc1 ? Type::invalid : Type::signed_integer;  // d0-d3, e0-ff
}

}  // namespace detail

inline constexpr std::array<MsgpackReader::Type, 256> MsgpackReader::kTypes = [] {
  std::array<Type, 256> types{};
  for (unsigned head = 0; head < 256; ++head) types[head] = detail::msgpack_type(head);
  return types;
}();

}  // namespace catalejo::codec
