#include "evaluate/text/citation.hpp"

#include <algorithm>

namespace catalejo::evaluate {

bool is_quoted(std::string_view folded, std::size_t begin, std::size_t end) {
  constexpr std::size_t kQuotedBytesMax = 400;
  const std::size_t line = folded.rfind('\n', begin == 0 ? 0 : begin - 1);
  const std::size_t from = std::max(line == std::string_view::npos ? 0 : line,
                                    begin > kQuotedBytesMax ? begin - kQuotedBytesMax : 0);
  const std::string_view before = folded.substr(from, begin - from);
  for (const char mark : {'"', '`'})
    if (std::ranges::count(before, mark) % 2 != 0 &&
        folded.substr(end, kQuotedBytesMax).find(mark) != std::string_view::npos)
      return true;
  return false;
}

std::string_view lead_in(std::string_view folded, std::size_t begin) {
  constexpr std::size_t kBytes = 160;
  const std::size_t from = begin > kBytes ? begin - kBytes : 0;
  return folded.substr(from, begin - from);
}

}  // namespace catalejo::evaluate
