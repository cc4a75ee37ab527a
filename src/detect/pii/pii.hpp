// Personal data in a text: payment cards, accounts, telephone numbers, e-mail and IP addresses,
// national ids. One pass; rules are asked only where a digit, an "@" or a "::" is.
#pragma once

#include <string_view>
#include <vector>

#include "detect/finding.hpp"

namespace catalejo::detect::pii {

struct Options {
  // 10.0.0.1, fe80::1: machines of one's own network, which tell nothing about a person.
  bool private_addresses = false;
};

// Appends in order, without overlaps. `text` has been through FlatText.
void find(std::string_view text, const Options& options, std::vector<Finding>& findings);

// Names of every rule, as in Finding::rule.
std::vector<std::string_view> rule_names();

}  // namespace catalejo::detect::pii
