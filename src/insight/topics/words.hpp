// Text → words that can be compared: case and accents folded, plural endings off, words that say
// nothing marked. Latin, Greek and Cyrillic letters by words, Chinese, Japanese and Korean by pairs
// of characters. Pure; takes any bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::insight::topics {

struct Word {
  std::string folded;
  std::uint32_t begin = 0, end = 0;  // bytes of the text it was written in
  bool stop = false;                 // "the", "para"
  bool opens = false;                // a sign stands before it: no phrase reaches across
};

std::vector<Word> words_of(std::string_view text);

// Something a text is compared by: a word, two words beside each other, the beginning of a long
// word. `begin` and `end` are where it was written.
enum class FeatureKind : std::uint8_t { word, pair, stem };
struct Feature {
  std::uint64_t hash = 0;
  std::uint32_t begin = 0, end = 0;
  FeatureKind kind = FeatureKind::word;
};

std::vector<Feature> features_of(std::string_view text);

}  // namespace catalejo::insight::topics
