// SHA-256 in the form that headers and notes carry it.
#pragma once

#include <string>
#include <string_view>

namespace catalejo::codec {

// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace catalejo::codec
