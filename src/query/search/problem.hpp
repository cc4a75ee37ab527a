// What is wrong with a search, and where: enough for a page to underline it and to offer what was
// probably meant. Positions are in the text a person typed, counted in code points.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace catalejo::query::search {

// A stretch of the query, in bytes.
struct Place {
  std::size_t begin = 0, end = 0;
};

struct Problem {
  std::string_view code;  // "unknown_attribute"; docs/formats/search-language.md lists them
  std::string message;    // what was expected, as a sentence
  std::size_t position = 0, length = 0;
  std::string suggestion;  // what to write instead of that stretch; empty when nothing is likely
};

// How many code points stand before byte `at`; `at` may be past the end.
std::size_t code_points_before(std::string_view text, std::size_t at);
// The byte at which code point `position` begins, or the end.
std::size_t byte_of_code_point(std::string_view text, std::size_t position);

}  // namespace catalejo::query::search
