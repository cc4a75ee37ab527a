// The formats of secrets (formats.tsv), read and compiled once.
#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::detect::secrets {

enum class Kind : std::uint8_t { prefix, word, ending, around, beside, block };

struct Format {
  std::string_view id, provider;
  Kind kind = Kind::prefix;
  double entropy = 0;  // bits a character, at least
  bool generic = false, password = false;
  std::unique_ptr<re2::RE2> pattern;  // group 1 is the secret, when it has one
};

struct Formats {
  std::vector<Format> formats;
  // Each keyword once, with the formats that it may begin, in the order of the file.
  std::vector<std::string> keywords;
  std::vector<bool> caseless;
  std::vector<std::vector<std::uint16_t>> formats_of;
};

// From any thread. A file that cannot be read is a broken build and ends the program.
const Formats& formats();
std::string_view formats_text();

}  // namespace catalejo::detect::secrets
