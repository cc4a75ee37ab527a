#include "store/wal/record.hpp"

#include <cstring>

#include "base/hash.hpp"

namespace catalejo::store {
namespace {

constexpr std::uint32_t kMagic = 0x4c544143;  // "CATL"
constexpr std::size_t kChecked = kRecordHeaderBytes - 8;

template <typename T>
void put(HeaderBytes& bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

template <typename T>
T get(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

std::uint64_t payload_checksum(std::string_view payload) {
  return hash128(payload).low;
}

HeaderBytes encode_header(const RecordHeader& header) {
  HeaderBytes bytes{};
  put(bytes, 0, kMagic);
  put(bytes, 4, static_cast<std::uint8_t>(header.kind));
  put(bytes, 5, header.row_version);
  put(bytes, 8, header.position);
  put(bytes, 16, header.payload_bytes);
  put(bytes, 20, header.rows);
  put(bytes, 24, header.written.value);
  put(bytes, 32, header.payload_checksum);
  put(bytes, kChecked, hash128({bytes.data(), kChecked}).low);
  return bytes;
}

std::optional<RecordHeader> parse_header(std::string_view bytes, std::uint64_t position) {
  if (bytes.size() < kRecordHeaderBytes) return std::nullopt;
  if (get<std::uint32_t>(bytes, 0) != kMagic) return std::nullopt;
  if (get<std::uint64_t>(bytes, 8) != position) return std::nullopt;
  if (get<std::uint64_t>(bytes, kChecked) != hash128(bytes.substr(0, kChecked)).low)
    return std::nullopt;
  const auto kind = get<std::uint8_t>(bytes, 4);
  if (kind != static_cast<std::uint8_t>(RecordKind::rows) &&
      kind != static_cast<std::uint8_t>(RecordKind::cut))
    return std::nullopt;
  return RecordHeader{.kind = static_cast<RecordKind>(kind),
                      .row_version = get<std::uint8_t>(bytes, 5),
                      .position = position,
                      .payload_bytes = get<std::uint32_t>(bytes, 16),
                      .rows = get<std::uint32_t>(bytes, 20),
                      .written = {get<std::int64_t>(bytes, 24)},
                      .payload_checksum = get<std::uint64_t>(bytes, 32)};
}

}  // namespace catalejo::store
