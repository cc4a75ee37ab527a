// How the name of a secret and its value hang together, and where the value begins.
#pragma once

#include <cstdint>
#include <string_view>

namespace catalejo::detect::secrets {

enum class Link : std::uint8_t {
  none,
  assigned,  // "NAME=value", "name: value", "the key is value", "--name value"
  beside,    // "token value": only what can be nothing but a secret
  far,       // "password of the router: value"
};

struct Place {
  std::size_t at = 0;
  Link link = Link::none;
  bool quoted = false;  // a quote stands before the value
  bool filled = false;  // "key", "token", … stand between the name and the value
};

// Of the name whose keyword is [begin, end).
Place place_of_value(std::string_view text, std::size_t begin, std::size_t end);
// When words stand between the keyword that ends at `end` and the value; looked for from `at` on.
Place place_behind_words(std::string_view text, std::size_t end, std::size_t at);
// The keyword is a word, or the last one of a name: "smtpPass", "api_key", "SSHPASS", "app key";
// not of "compass", and of no name that something else has ("cache key", "\"key\": …").
bool is_end_of_name(std::string_view text, std::size_t begin, std::size_t end);

}  // namespace catalejo::detect::secrets
