// A 128-bit hash of bytes for ids and duplicate detection. It is written to disk (docs/formats/
// log.md), so it must never change. Not for secrets: keys are hashed with OpenSSL.
#pragma once

#include <cstdint>
#include <string_view>

namespace catalejo {

struct Hash128 {
  std::uint64_t high = 0, low = 0;
  bool operator==(const Hash128&) const = default;
};

// MurmurHash3 x64/128 (Austin Appleby, public domain algorithm).
Hash128 hash128(std::string_view bytes, std::uint64_t seed = 0);

// From 0 to below 1, for shares: what is below a share of 0.1 is a tenth of all, always the same.
constexpr double unit_of(const Hash128& hash) {
  return static_cast<double>(hash.high >> 11) * 0x1p-53;
}

}  // namespace catalejo
