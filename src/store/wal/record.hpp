// One record of the log: a header of 48 bytes, then the payload. The format is docs/formats/log.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace catalejo::store {

enum class RecordKind : std::uint8_t {
  rows = 1,  // the rows of one request
  cut = 2,   // everything since the cut before is one batch; no payload
};

inline constexpr std::size_t kRecordHeaderBytes = 48;

struct RecordHeader {
  RecordKind kind = RecordKind::rows;
  std::uint8_t row_version = 0;
  std::uint64_t position = 0;  // of this header in the whole log
  std::uint32_t payload_bytes = 0;
  std::uint32_t rows = 0;
  UnixNanos written = {};
  std::uint64_t payload_checksum = 0;

  std::uint64_t end() const { return position + kRecordHeaderBytes + payload_bytes; }
};

using HeaderBytes = std::array<char, kRecordHeaderBytes>;

std::uint64_t payload_checksum(std::string_view payload);
HeaderBytes encode_header(const RecordHeader& header);
// nullopt when these are no header, or one that was written for another position.
std::optional<RecordHeader> parse_header(std::string_view bytes, std::uint64_t position);

}  // namespace catalejo::store
