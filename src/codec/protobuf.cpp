#include "codec/protobuf.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace catalejo::codec {

std::uint64_t ProtobufReader::varint() {
  constexpr int kBitsMax = 64;
  std::uint64_t value = 0;
  for (int shift = 0; shift < kBitsMax; shift += 7) {
    if (rest_.empty()) break;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  failed_ = true;
  rest_ = {};
  return 0;
}

std::string_view ProtobufReader::take(std::uint64_t size) {
  if (size > rest_.size()) {
    failed_ = true;
    rest_ = {};
    return {};
  }
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

void ProtobufReader::skip() {
  switch (std::exchange(wire_, Wire::none)) {
    case Wire::varint:
      varint();
      break;
    case Wire::fixed64:
      take(8);
      break;
    case Wire::bytes:
      take(varint());
      break;
    case Wire::fixed32:
      take(4);
      break;
    case Wire::none:
      break;
  }
}

bool ProtobufReader::next() {
  skip();
  if (rest_.empty() || failed_) return false;
  const std::uint64_t tag = varint();
  field_ = static_cast<std::uint32_t>(tag >> 3);
  const auto wire = static_cast<Wire>(tag & 7);
  const bool known =
      wire == Wire::varint || wire == Wire::fixed64 || wire == Wire::bytes || wire == Wire::fixed32;
  if (failed_ || !known || field_ == 0) {  // groups are of the first version of protobuf
    failed_ = true;
    return false;
  }
  wire_ = wire;
  return true;
}

std::string_view ProtobufReader::bytes() {
  if (wire_ != Wire::bytes) return {};
  wire_ = Wire::none;
  return take(varint());
}

std::uint64_t ProtobufReader::unsigned_integer() {
  if (wire_ != Wire::varint) return 0;
  wire_ = Wire::none;
  return varint();
}

std::uint64_t ProtobufReader::fixed() {
  if (wire_ != Wire::fixed64) return 0;
  wire_ = Wire::none;
  std::uint64_t value = 0;
  const std::string_view raw = take(sizeof value);
  if (!raw.empty()) std::memcpy(&value, raw.data(), sizeof value);
  return value;
}

double ProtobufReader::number() {
  return std::bit_cast<double>(fixed());
}

}  // namespace catalejo::codec
