// Reads ClickHouse's RowBinary: a cursor that checks, then moves. The first value that does not
// fit sets a sticky failure and everything after it reads as zero or empty; the caller asks
// failed() once at the end. Views point into the body given to the constructor.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/ids.hpp"

namespace catalejo::query {

class RowReader {
 public:
  explicit RowReader(std::string_view body) : rest_(body) {}

  bool at_end() const { return rest_.empty(); }
  bool failed() const { return failed_; }
  std::size_t remaining() const { return rest_.size(); }

  std::uint8_t u8() { return fixed<std::uint8_t>(); }
  std::uint32_t u32() { return fixed<std::uint32_t>(); }
  std::uint64_t u64() { return fixed<std::uint64_t>(); }
  std::int64_t i64() { return fixed<std::int64_t>(); }
  double f64() { return fixed<double>(); }
  TraceId trace_id() {
    const std::string_view bytes = take(16);
    return bytes.size() == 16 ? trace_id_from_bytes(bytes) : TraceId{};
  }
  std::string_view text() { return take(varint()); }
  // The number of elements that follow; each takes at least `element_bytes_min`, so a count that
  // the rest cannot hold is a failure and never a loop or an allocation.
  std::size_t count(std::size_t element_bytes_min) {
    const std::uint64_t count = varint();
    if (count <= rest_.size() / element_bytes_min) return static_cast<std::size_t>(count);
    fail();
    return 0;
  }

 private:
  template <typename T>
  T fixed() {
    static_assert(std::endian::native == std::endian::little, "RowBinary is little-endian");
    const std::string_view bytes = take(sizeof(T));
    T value{};
    if (bytes.size() == sizeof(T)) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = u8();
      if (failed_) return 0;
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    fail();
    return 0;
  }
  void fail() {
    failed_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace catalejo::query
