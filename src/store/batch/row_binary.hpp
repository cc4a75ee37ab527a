// Writes values in ClickHouse's RowBinary: fixed-width little endian, text with a varint length.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace catalejo::store {

static_assert(std::endian::native == std::endian::little, "RowBinary is little endian");

class RowBinaryWriter {
 public:
  explicit RowBinaryWriter(std::string& out) : out_(out) {}

  template <typename T>
  requires std::is_arithmetic_v<T>
  void number(T value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out_.append(bytes, sizeof value);
  }
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      out_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    out_ += static_cast<char>(value);
  }
  void text(std::string_view value) {
    varint(value.size());
    out_.append(value);
  }
  void id(TraceId value) {
    const auto bytes = to_bytes(value);
    out_.append(bytes.data(), bytes.size());
  }

 private:
  std::string& out_;
};

}  // namespace catalejo::store
