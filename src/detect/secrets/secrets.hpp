// Keys, tokens and passwords in a text: one pass of Hyperscan for the keywords of all formats, and
// at each of them the format's own pattern (RE2), entropy, and a look whether it is an example.
#pragma once

#include <string_view>
#include <vector>

#include "detect/finding.hpp"

namespace catalejo::detect::secrets {

// Appends in order, without overlaps. `text` has been through FlatText.
void find(std::string_view text, std::vector<Finding>& findings);

std::vector<std::string_view> rule_names();
// Who gives out such a secret: "GitHub".
std::string_view provider_of(std::string_view rule);

}  // namespace catalejo::detect::secrets
