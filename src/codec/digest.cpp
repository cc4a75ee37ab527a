#include "codec/digest.hpp"

// The digest itself, without OpenSSL's way of choosing one: that is 4 MB in the tracer's library
// (python/redact), which has a copy of what it uses.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace catalejo::codec {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest sha256(std::string_view first, std::string_view second = {}) {
  Digest digest;
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, first.data(), first.size());
  SHA256_Update(&state, second.data(), second.size());
  SHA256_Final(digest.data(), &state);
  return digest;
}

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string hex_of(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  return hex_of(sha256(bytes));
}

// RFC 2104.
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
  std::array<char, SHA256_CBLOCK> inner{}, outer{};
  const Digest short_key = sha256(key);
  if (key.size() > inner.size()) key = bytes_of(short_key);
  std::copy(key.begin(), key.end(), inner.begin());
  std::transform(inner.begin(), inner.end(), outer.begin(), [](char c) { return c ^ 0x5c; });
  std::transform(inner.begin(), inner.end(), inner.begin(), [](char c) { return c ^ 0x36; });
  const Digest of_bytes = sha256({inner.data(), inner.size()}, bytes);
  return hex_of(sha256({outer.data(), outer.size()}, bytes_of(of_bytes)));
}

}  // namespace catalejo::codec
