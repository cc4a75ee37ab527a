// Compressed bodies: the first byte chooses the encoding; the output stays within its bound.
#include "accounted.hpp"
#include "codec/inflate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr const char* kEncodings[] = {"gzip", "deflate", "zstd", "identity"};
  constexpr std::size_t kBound = 1u << 20;
  if (size == 0) return 0;
  const auto text = catalejo::codec::inflate(kEncodings[data[0] % 4],
                                             catalejo::fuzz::text_of(data + 1, size - 1), kBound);
  if (text) catalejo::fuzz::require(text->size() <= kBound || data[0] % 4 == 3);
  return 0;
}
