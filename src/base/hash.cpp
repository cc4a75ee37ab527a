#include "base/hash.hpp"

#include <bit>
#include <cstring>

namespace catalejo {
namespace {

constexpr std::uint64_t kFirst = 0x87c37b91114253d5ULL;
constexpr std::uint64_t kSecond = 0x4cf5ad432745937fULL;

std::uint64_t load64(const char* bytes) {
  std::uint64_t value;
  std::memcpy(&value, bytes, 8);
  return value;
}

std::uint64_t finish(std::uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

}  // namespace

Hash128 hash128(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t h1 = seed, h2 = seed;
  const std::size_t blocks = bytes.size() / 16;
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::uint64_t k1 = load64(bytes.data() + 16 * i);
    const std::uint64_t k2 = load64(bytes.data() + 16 * i + 8);
    h1 ^= std::rotl(k1 * kFirst, 31) * kSecond;
    h1 = (std::rotl(h1, 27) + h2) * 5 + 0x52dce729;
    h2 ^= std::rotl(k2 * kSecond, 33) * kFirst;
    h2 = (std::rotl(h2, 31) + h1) * 5 + 0x38495ab5;
  }
  char tail[16] = {};
  const std::size_t rest = bytes.size() % 16;
  if (rest > 0) {
    std::memcpy(tail, bytes.data() + 16 * blocks, rest);
    h2 ^= std::rotl(load64(tail + 8) * kSecond, 33) * kFirst;
    h1 ^= std::rotl(load64(tail) * kFirst, 31) * kSecond;
  }
  h1 ^= bytes.size();
  h2 ^= bytes.size();
  h1 += h2;
  h2 += h1;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 += h2;
  h2 += h1;
  return {h1, h2};
}

}  // namespace catalejo
