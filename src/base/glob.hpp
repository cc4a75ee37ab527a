// Patterns whose stars stand for anything: "env:pr*", "*-eu-*".
#pragma once

#include <string_view>

namespace catalejo {

// Whether `text` fits `glob`. Linear: a star gives back only to the last one before it.
inline bool fits_glob(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      from = t;
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

}  // namespace catalejo
