// Runs of words that two texts share, found by hashes of a few words in a row: linear in both.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace catalejo::evaluate {

struct Word {
  std::uint64_t hash;
  std::uint32_t begin, end;  // bytes of the folded text
};

std::vector<Word> hashed_words(std::string_view folded);

struct SharedRun {
  std::uint32_t words;
  std::uint32_t begin, end;                // in the text
  std::uint32_t source_begin, source_end;  // in the source
};

// Maximal runs of at least `words_min` words of `text` that stand in `source` as they are.
std::vector<SharedRun> shared_runs(const std::vector<Word>& source, const std::vector<Word>& text,
                                   std::size_t words_min);

}  // namespace catalejo::evaluate
