// A pull reader for protobuf: a cursor over bytes that someone else owns. It cannot overrun: each
// read checks what is left, then moves. The first failure sticks; the caller reads on with empty
// values and asks failed() at the end. Nothing is allocated. The reader knows no schema: who reads
// says what a field is, and a field that nobody asks for is passed over.
#pragma once

#include <cstdint>
#include <string_view>

namespace catalejo::codec {

class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view bytes) : rest_(bytes) {}

  // The next field; false at the end and after a failure. A value that was not read is passed over.
  bool next();
  std::uint32_t field() const { return field_; }
  bool failed() const { return failed_; }

  // The value of the field; empty when it has another type on the wire.
  std::string_view bytes();  // a text, a message, packed numbers
  std::uint64_t unsigned_integer();
  std::int64_t integer() { return static_cast<std::int64_t>(unsigned_integer()); }
  double number();        // double
  std::uint64_t fixed();  // fixed64

  // Of numbers that a client may send packed or one by one: `read` is called for each.
  template <typename Read>  // void(double)
  void each_number(Read&& read) {
    if (wire_ != Wire::bytes) return read(number());
    ProtobufReader packed(bytes());
    while (!packed.rest_.empty() && !packed.failed_) {
      packed.wire_ = Wire::fixed64;
      read(packed.number());
    }
    failed_ |= packed.failed_;
  }

  template <typename Read>  // void(std::uint64_t)
  void each_unsigned(Read&& read) {
    if (wire_ != Wire::bytes) return read(unsigned_integer());
    ProtobufReader packed(bytes());
    while (!packed.rest_.empty() && !packed.failed_) read(packed.varint());
    failed_ |= packed.failed_;
  }

 private:
  enum class Wire : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5, none = 15 };

  std::uint64_t varint();
  std::string_view take(std::uint64_t size);
  void skip();

  std::string_view rest_;
  std::uint32_t field_ = 0;
  Wire wire_ = Wire::none;  // of a value that was not read
  bool failed_ = false;
};

// What stands in a sint32 or sint64.
constexpr std::int64_t from_zigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

}  // namespace catalejo::codec
