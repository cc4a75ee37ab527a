// Protobuf, written by hand.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace catalejo::intake::protobuf {

inline std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}
inline std::string bytes(int field, std::string_view value) {
  return varint(static_cast<std::uint64_t>(field) << 3 | 2) + varint(value.size()) +
         std::string(value);
}
inline std::string integer(int field, std::uint64_t value) {
  return varint(static_cast<std::uint64_t>(field) << 3) + varint(value);
}
inline std::string fixed(int field, std::uint64_t value) {
  std::string out = varint(static_cast<std::uint64_t>(field) << 3 | 1);
  for (int i = 0; i < 8; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}
inline std::string number(int field, double value) {
  return fixed(field, std::bit_cast<std::uint64_t>(value));
}

}  // namespace catalejo::intake::protobuf
