// E-mail and IP addresses around a place in a text. An end of 0 says there is none.
#pragma once

#include <cstddef>
#include <string_view>

namespace catalejo::detect::pii {

struct Range {
  std::size_t begin = 0, end = 0;
};

// `at` is the place of an "@"; nothing before `from` belongs to it.
Range match_email(std::string_view text, std::size_t at, std::size_t from);
// `at` is where a word begins that has digits.
Range match_ipv4(std::string_view text, std::size_t at, bool private_too);
Range match_ipv6(std::string_view text, std::size_t at, bool private_too);

}  // namespace catalejo::detect::pii
