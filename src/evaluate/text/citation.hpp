// Is a part of a text said, or only told of? In quotation marks, behind words that cite.
#pragma once

#include <cstdint>
#include <string_view>

namespace catalejo::evaluate {

// Between quotation marks or backticks on its line.
bool is_quoted(std::string_view folded, std::size_t begin, std::size_t end);
// What stands before `begin`, as far as a sentence or two.
std::string_view lead_in(std::string_view folded, std::size_t begin);

}  // namespace catalejo::evaluate
