// Cuts a folded text into sentences, and finds the code in a text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace catalejo::evaluate {

// Without the blanks and ends of lines around it.
std::string_view trimmed(std::string_view text);

// By the ends of lines and by . ! ? … before a blank; without blanks around, none empty.
std::vector<std::string_view> sentences(std::string_view folded);

// Blocks between ``` or ~~~ fences; the last one may lack its end.
struct Fence {
  std::string_view language;  // "json"; may be empty
  std::string_view body;
};
std::vector<Fence> fences(std::string_view text);

// The text without fenced blocks, `code` and addresses; one blank stands for each.
std::string prose(std::string_view text);

}  // namespace catalejo::evaluate
