// Texts that a pattern fits, so that every format has a positive without one in the tree.
#pragma once

#include <random>
#include <string>
#include <string_view>

namespace catalejo::detect {

// Of the part of RE2 that formats.tsv is written in.
std::string sample_of(std::string_view pattern, std::mt19937& random);

}  // namespace catalejo::detect
