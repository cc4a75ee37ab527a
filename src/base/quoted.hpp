// A text in quotes, as the languages here have them: of searches, of scopes, of SQL.
#pragma once

#include <string>
#include <string_view>

namespace catalejo {

// What ends the text, and what escapes, stands behind a backslash.
inline std::string quoted(std::string_view text, char quote = '"') {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\') out += '\\';
    out += c;
  }
  return out + quote;
}

}  // namespace catalejo
