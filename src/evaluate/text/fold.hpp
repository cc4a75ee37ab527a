// One spelling for what reads the same: lower case, no accents, no invisible characters, Latin
// letters for those of other scripts that look like them, one blank or line end for white space.
// Rules are written for folded text; offsets are led back to the text itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace catalejo::evaluate {

struct Folded {
  std::string text;
  std::uint32_t invisible = 0;    // zero-width characters, direction marks
  std::uint32_t tags = 0;         // "tag" characters: ASCII that nobody sees
  std::uint32_t look_alikes = 0;  // letters of other scripts read as Latin ones
};

Folded fold(std::string_view text);

struct Place {
  std::uint32_t begin, end;  // whole characters
};

// Where in `text` these places of its folded form come from: from the character of the first byte
// to the end of the character of the last one. In place; their ends and their begins ascend.
void unfold_places(std::string_view text, std::span<Place> places);
Place unfold_place(std::string_view text, std::uint32_t begin, std::uint32_t end);

}  // namespace catalejo::evaluate
