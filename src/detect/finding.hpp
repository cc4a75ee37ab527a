// What was found in a text, and where.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace catalejo::detect {

enum class Class : std::uint8_t { pii, secret, own };

struct Finding {
  std::uint32_t begin = 0, end = 0;  // bytes of the text that was given
  std::string_view rule;             // "card_number", "es_dni", "github_pat"; lives with its rules
  Class kind = Class::pii;
};

}  // namespace catalejo::detect
