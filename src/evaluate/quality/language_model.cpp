#include "evaluate/quality/language_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "evaluate/quality/language.hpp"
#include "evaluate/security/decode.hpp"
#include "evaluate/text/fnv.hpp"
#include "evaluate/text/utf8_cursor.hpp"

namespace catalejo::evaluate {
namespace {

constexpr std::size_t kBytesMax = 240;  // as in the training
constexpr std::size_t kLanguages = 32;
constexpr double kPossible = 0.04;  // a language less probable is out of the question
constexpr std::size_t kGramMin = 2, kGramMax = 4;

bool is_between(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

// The small letter of one of Latin script; 0 for what is none.
char32_t small_letter(char32_t c) {
  if (c < 0x80) {
    if (is_between(c, 'A', 'Z')) return c + 32;
    return is_between(c, 'a', 'z') || c == '\'' ? c : 0;
  }
  if (c == 0x2019) return '\'';
  const bool latin = is_between(c, 0xc0, 0x24f) || is_between(c, 0x1e00, 0x1eff);
  if (!latin || c == 0xd7 || c == 0xf7) return 0;
  if (is_between(c, 0xc0, 0xde)) return c + 0x20;
  if (c == 0x130) return 'i';
  if (c == 0x178) return 0xff;
  const bool odd_is_large = is_between(c, 0x139, 0x148) || is_between(c, 0x179, 0x17e);
  const bool even_is_large = is_between(c, 0x100, 0x137) || is_between(c, 0x14a, 0x177) ||
                             is_between(c, 0x1de, 0x233) || is_between(c, 0x1e00, 0x1e95) ||
                             is_between(c, 0x1ea0, 0x1eff) || c == 0x1a0;
  if (c == 0x1af || (odd_is_large && c % 2 == 1) || (even_is_large && c % 2 == 0)) return c + 1;
  return c;
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

// Small letters with one blank before, between and after words, and where each character begins.
struct Letters {
  std::string text = " ";
  std::vector<std::size_t> begins = {0};

  explicit Letters(std::string_view from) {
    for (std::size_t at = 0; at < from.size();) {
      const Character character = character_at(from, at);
      at += character.bytes;
      const char32_t letter = small_letter(character.code);
      if (letter == 0 && text.back() == ' ') continue;
      begins.push_back(text.size());
      append_utf8(text, letter == 0 ? U' ' : letter);
    }
    if (text.back() != ' ') {
      begins.push_back(text.size());
      text += ' ';
    }
    begins.push_back(text.size());
  }

  std::size_t size() const { return begins.size() - 1; }
  std::string_view character(std::size_t at) const {
    return std::string_view(text).substr(begins[at], begins[at + 1] - begins[at]);
  }
};

std::array<bool, kLanguages * kLanguages> closeness(std::span<const std::string_view> names) {
  std::array<bool, kLanguages * kLanguages> close{};
  for (std::size_t i = 0; i < close.size(); ++i)
    close[i] = close_languages(names[i / kLanguages], names[i % kLanguages]);
  return close;
}

class Model {
 public:
  using Scores = std::array<double, kLanguages>;
  Scores scores(const Letters& letters) const {
    Sums sums;
    for (std::size_t first = 0; first < letters.size(); ++first) {
      std::uint32_t hash = fnv({});
      const std::size_t end = std::min(letters.size(), first + kGramMax);
      for (std::size_t at = first; at < end; ++at) {
        hash = fnv(letters.character(at), hash);
        if (at + 1 - first >= kGramMin) add(hash, sums);
      }
    }
    for (std::size_t begin = 1; begin < letters.text.size();) {
      const std::size_t end = letters.text.find(' ', begin);
      add(fnv(std::string_view(letters.text).substr(begin, end - begin), fnv("=")), sums);
      begin = end + 1;
    }
    return scores_of(sums);
  }

  std::string_view name(std::size_t language) const { return meaning_.names[language]; }
  bool close(std::size_t one, std::size_t other) const { return close_[one * kLanguages + other]; }

 private:
  static constexpr std::size_t kBytes = kLanguages / 2;  // of a bucket
  static constexpr std::uint32_t kBuckets = 1u << 14;
  struct Sums {
    std::array<std::uint16_t, kBytes> low{}, high{};
    int count = 0;
  };

  void add(std::uint32_t hash, Sums& sums) const {
    // A copy, which cannot overlap the sums: so the loop is a few vector instructions.
    std::array<unsigned char, kBytes> bucket;
    std::memcpy(bucket.data(), table_.data() + hash % kBuckets * kBytes, kBytes);
    for (std::size_t i = 0; i < kBytes; ++i) {
      const unsigned both = bucket[i];
      sums.low[i] = static_cast<std::uint16_t>(sums.low[i] + (both & 15));
      sums.high[i] = static_cast<std::uint16_t>(sums.high[i] + (both >> 4));
    }
    ++sums.count;
  }

  Scores scores_of(const Sums& sums) const {
    Scores found{};
    if (sums.count == 0) return found;
    const double scale = meaning_.unit / std::sqrt(sums.count);
    for (std::size_t i = 0; i < kLanguages; ++i) {
      const int sum = (i % 2 == 0 ? sums.low : sums.high)[i / 2];
      found[i] = (sum - 8 * sums.count) * scale + static_cast<double>(meaning_.bias[i]);
    }
    return found;
  }

  LanguageWeights meaning_ = language_weights();
  // Each four bits are eight more than the weight.
  std::string table_ = from_base64(meaning_.base64);
  std::array<bool, kLanguages* kLanguages> close_ = closeness(meaning_.names);
};

const Model& model() {
  static const Model kModel;
  return kModel;
}

}  // namespace

bool is_modelled(std::string_view language) {
  return std::ranges::find(language_weights().names, language) != language_weights().names.end();
}

LanguageGuess guess_language(std::string_view text) {
  const Letters letters(text.substr(0, kBytesMax));
  LanguageGuess guess;
  for (std::size_t i = 0; i < letters.size(); ++i)
    guess.letters += letters.character(i) == " " ? 0u : 1u;
  if (guess.letters == 0) return guess;
  const Model::Scores scores = model().scores(letters);
  const auto best = static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
  guess.code = model().name(best);
  double all = 0, close = 0;
  for (const double score : scores) all += std::exp(score - scores[best]);
  for (std::size_t i = 0; i < kLanguages; ++i) {
    const double share = std::exp(scores[i] - scores[best]) / all;
    if (model().close(i, best)) close += share;
    if (share >= kPossible) guess.possible.push_back(model().name(i));
  }
  guess.probability = close;
  return guess;
}

}  // namespace catalejo::evaluate
