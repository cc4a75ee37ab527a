#include "codec/base64.hpp"

#include <cstdint>

namespace catalejo::codec {

void append_base64(std::string& out, std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  while (!bytes.empty()) {
    const std::size_t taken = bytes.size() < 3 ? bytes.size() : 3;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < taken ? static_cast<unsigned char>(bytes[i]) : 0u);
    out += kDigits[group >> 18];
    out += kDigits[group >> 12 & 63];
    out += taken > 1 ? kDigits[group >> 6 & 63] : '=';
    out += taken > 2 ? kDigits[group & 63] : '=';
    bytes.remove_prefix(taken);
  }
}

}  // namespace catalejo::codec
