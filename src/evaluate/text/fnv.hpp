// FNV-1a of 32 bits: the hash that models are trained with (bench/accuracy).
#pragma once

#include <cstdint>
#include <string_view>

namespace catalejo::evaluate {

constexpr std::uint32_t fnv(std::string_view text, std::uint32_t hash = 0x811c9dc5) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  return hash;
}

}  // namespace catalejo::evaluate
