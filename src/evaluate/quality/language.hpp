// Which languages a text is written in (CLD2 and a model of ours inside), and which ones a request
// asks for by name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::evaluate {

struct LanguageShare {
  std::string code;  // "en", "pt", "zh"
  int percent = 0;
};

struct Languages {
  std::vector<LanguageShare> shares;  // the largest first; empty when it cannot be told
  bool sure = false;
  std::size_t letters = 0;  // bytes of letters that were looked at

  // Where it is not sure: all that it may be in; none when that cannot be told either.
  std::vector<std::string_view> possible;

  bool has(std::string_view code, int percent) const;
};

// Of prose: without code, addresses, quotations and JSON.
Languages languages_of(std::string_view text);

// Codes of languages named in a request in a way that may ask for them: "in French", "al inglés",
// "auf Deutsch", "translate". `any` is set when it asks for a translation without saying into what.
struct AskedLanguages {
  std::vector<std::string_view> codes;
  bool any = false;
};
AskedLanguages asked_languages(std::string_view request);

// Languages that short texts cannot be told apart in: Spanish and Galician, Danish and Norwegian.
bool close_languages(std::string_view one, std::string_view other);

// Catalan and Spanish, when CLD2 says the same of both texts.
bool told_apart(std::string_view one, std::string_view code, std::string_view other,
                std::string_view other_code);

}  // namespace catalejo::evaluate
