#include "evaluate/text/shingles.hpp"

#include <bitset>
#include <functional>

#include "evaluate/text/words.hpp"

namespace catalejo::evaluate {
namespace {

constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15;

std::uint64_t shingle_at(const std::vector<Word>& words, std::size_t at, std::size_t size) {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ words[at + i].hash) * kMix;
  return hash;
}

// Whether any shingle may be in both; a look at a bit of its hash, which most texts end with.
bool may_share(const std::vector<Word>& source, const std::vector<Word>& text, std::size_t size) {
  std::bitset<1 << 15> seen;
  for (std::size_t i = 0; i + size <= source.size(); ++i)
    seen.set(shingle_at(source, i, size) >> 49);
  for (std::size_t i = 0; i + size <= text.size(); ++i)
    if (seen[shingle_at(text, i, size) >> 49]) return true;
  return false;
}

}  // namespace

std::vector<Word> hashed_words(std::string_view folded) {
  std::vector<Word> words;
  each_word(folded, [&](std::string_view word, std::size_t at) {
    words.push_back({std::hash<std::string_view>{}(word), static_cast<std::uint32_t>(at),
                     static_cast<std::uint32_t>(at + word.size())});
  });
  return words;
}

std::vector<SharedRun> shared_runs(const std::vector<Word>& source, const std::vector<Word>& text,
                                   std::size_t words_min) {
  std::vector<SharedRun> runs;
  if (source.size() < words_min || text.size() < words_min) return runs;
  if (!may_share(source, text, words_min)) return runs;
  // The first place of each shingle; a later one would only lengthen a run that is found anyway.
  std::unordered_map<std::uint64_t, std::uint32_t> places;
  for (std::uint32_t i = 0; i + words_min <= source.size(); ++i)
    places.try_emplace(shingle_at(source, i, words_min), i);
  for (std::size_t i = 0; i + words_min <= text.size();) {
    const auto found = places.find(shingle_at(text, i, words_min));
    if (found == places.end()) {
      ++i;
      continue;
    }
    std::size_t size = 0;
    while (i + size < text.size() && found->second + size < source.size() &&
           text[i + size].hash == source[found->second + size].hash)
      ++size;
    if (size < words_min) {  // two texts of one hash
      ++i;
      continue;
    }
    runs.push_back({static_cast<std::uint32_t>(size), text[i].begin, text[i + size - 1].end,
                    source[found->second].begin, source[found->second + size - 1].end});
    i += size;
  }
  return runs;
}

}  // namespace catalejo::evaluate
