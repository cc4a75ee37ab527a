// What the letters of a text alone say of its language, where they are not Latin ones.
#pragma once

#include <string_view>

namespace catalejo::evaluate {

// "ja" of kana, "ko" of Hangul, "uk" of Ukrainian letters …: for Cyrillic, Arabic letters and
// Devanagari the language that most texts in them are of. Empty when most letters are others.
std::string_view language_of_script(std::string_view text);

}  // namespace catalejo::evaluate
