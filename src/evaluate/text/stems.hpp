// Words by their stems, English and Spanish: endings cut off, words without content left out. Meant
// for comparing texts, not for linguists.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace catalejo::evaluate {

bool is_stop_word(std::string_view folded_word);
std::string_view stem(std::string_view folded_word);
// " stem stem stem ", of the words with content.
std::string stemmed(std::string_view text);

}  // namespace catalejo::evaluate
