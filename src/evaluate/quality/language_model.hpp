// A linear model of letters and words that names the language of a short text in Latin letters,
// where CLD2 guesses. Trained by bench/accuracy/train_languages.py.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace catalejo::evaluate {

inline constexpr std::string_view kNoLanguage = "zxx";  // names, code

struct LanguageGuess {
  std::string_view code = kNoLanguage;
  double probability = 1;  // that it is this language or a close one
  std::size_t letters = 0;
  std::vector<std::string_view> possible;  // every language that it may well be in
};

// Of the beginning of a text.
LanguageGuess guess_language(std::string_view text);
// Whether the model knows it.
bool is_modelled(std::string_view language);

// The model as data: for each bucket of hashed pieces four bits a language, two of them a byte.
struct LanguageWeights {
  double unit;
  std::span<const std::string_view> names;
  std::span<const float> bias;
  std::span<const std::string_view> base64;  // parts, each by itself
};
LanguageWeights language_weights();

}  // namespace catalejo::evaluate
