// SHA-256, plain and keyed, in the form that headers and notes carry it.
#pragma once

#include <string>
#include <string_view>

namespace catalejo::codec {

// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

// HMAC-SHA-256, 64 lower-case hex digits.
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);

}  // namespace catalejo::codec
