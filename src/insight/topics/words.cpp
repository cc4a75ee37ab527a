#include "insight/topics/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "insight/topics/stop_words.hpp"

namespace catalejo::insight::topics {
namespace {

constexpr std::size_t kWordBytesMax = 48;  // longer is no word: base64, a key, a path
constexpr std::size_t kStemBytes = 6;
constexpr std::size_t kStopsInsidePair = 2;  // "cambio de la contraseña"

struct Character {
  char32_t code = 0;
  std::uint32_t bytes = 1;
};

// 0 for what is no UTF-8: a sign between words.
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::uint32_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (bytes == 0 || first > 0xf4 || text.size() - at < bytes) return {};
  char32_t code = first & (0x7fu >> bytes);
  for (std::uint32_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  return {code, bytes};
}

// U+00C0 to U+017F without accents; ' ' is no letter, '_' stands for two letters or more, and for
// ñ, which is a letter of its own.
constexpr std::string_view kLatin =
    "aaaaaa_ceeeeiiii__ooooo ouuuuy__aaaaaa_ceeeeiiii__ooooo ouuuuy_y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii__jjkkkllllllllllnnnnnnn__oooooo__rrrrrr"
    "ssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatin.size() == 0x180 - 0xc0);

void append_code(std::string& out, char32_t code) {
  if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
  } else {
    out += static_cast<char>(0xe0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
  }
  out += static_cast<char>(0x80 | (code & 0x3f));
}

// Appends the folded letter; false when it is none.
bool append_folded(std::string& out, char32_t code) {
  if (code < 0x80) {
    const bool upper = code >= 'A' && code <= 'Z';
    if (!upper && !(code >= 'a' && code <= 'z') && !(code >= '0' && code <= '9')) return false;
    out += static_cast<char>(upper ? code + 32 : code);
    return true;
  }
  if (code >= 0xc0 && code <= 0x17f) {
    const char folded = kLatin[code - 0xc0];
    if (folded == ' ') return false;
    if (code == 0xd1 || code == 0xf1) {
      out += "ñ";
    } else if (folded != '_') {
      out += folded;
    } else {
      append_code(out, code >= 0x100 ? (code | 1) : code <= 0xde ? code + 32 : code);
    }
    return true;
  }
  if (code >= 0x300 && code <= 0x36f) return true;  // accents that stand by themselves
  const bool greek_upper = code >= 0x391 && code <= 0x3a9;
  const bool cyrillic_upper = code >= 0x410 && code <= 0x42f;
  if (greek_upper || cyrillic_upper) code += 32;
  const bool letter = (code >= 0x3ac && code <= 0x3ce) || (code >= 0x430 && code <= 0x52f) ||
                      (code >= 0x5d0 && code <= 0x5ea) || (code >= 0x620 && code <= 0x669) ||
                      (code >= 0x900 && code <= 0xdff) || (code >= 0xe01 && code <= 0xe5b) ||
                      (code >= 0x1e00 && code <= 0x1fff);
  if (letter) append_code(out, code);
  return letter;
}

bool is_ideographic(char32_t code) {
  return (code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff) ||
         (code >= 0xac00 && code <= 0xd7a3);
}

// Numbers of orders, dates, ids: they tell one input from another, not what it is about.
bool is_number(std::string_view word) {
  const auto digits = static_cast<std::size_t>(
      std::ranges::count_if(word, [](char c) { return c >= '0' && c <= '9'; }));
  return digits * 2 >= word.size() && digits > 0;
}

// "orders" and "order", "facturaciones" and "facturación": endings of plurals only.
void take_plural_off(std::string& word) {
  if (word.size() < 4 || word.back() != 's') return;
  const std::string_view view = word;
  if (view.ends_with("ss") || view.ends_with("us") || view.ends_with("is")) return;
  if (view.ends_with("ies") && word.size() > 4) {
    word.replace(word.size() - 3, 3, "y");
  } else if (view.ends_with("ones") || view.ends_with("dades") || view.ends_with("ores")) {
    word.resize(word.size() - 2);
  } else {
    word.pop_back();
  }
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<Word> split() {
    for (std::size_t at = 0; at < text_.size();) {
      const Character c = character_at(text_, at);
      const bool apostrophe = (c.code == '\'' || c.code == 0x2019) && !folded_.empty();
      if (is_ideographic(c.code)) {
        finish(at);
        ideograph(at, c);
      } else if (apostrophe) {
        // "don't", "l'eau": one word, as it is read.
      } else if (append_folded(folded_, c.code)) {
        if (begin_ == kNowhere) begin_ = at;
      } else {
        finish(at);
        if (c.code != ' ' && c.code != '-') opens_ = true;
      }
      if (!is_ideographic(c.code)) last_ideograph_end_ = 0;
      at += c.bytes;
    }
    finish(text_.size());
    return std::move(words_);
  }

 private:
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

  void ideograph(std::size_t at, const Character& c) {
    // Each pair of neighbours is a word.
    if (last_ideograph_end_ == at && at > 0)
      add(std::string(text_.substr(last_ideograph_, at + c.bytes - last_ideograph_)),
          last_ideograph_, at + c.bytes);
    last_ideograph_ = at;
    last_ideograph_end_ = at + c.bytes;
  }

  void finish(std::size_t end) {
    if (begin_ != kNowhere && !folded_.empty() && folded_.size() <= kWordBytesMax) {
      if (is_number(folded_))
        opens_ = true;
      else
        add(std::move(folded_), begin_, end);
    }
    folded_.clear();
    begin_ = kNowhere;
  }

  void add(std::string folded, std::size_t begin, std::size_t end) {
    const bool stop = folded.size() < 2 || is_stop_word(folded);
    if (!stop) take_plural_off(folded);
    words_.push_back({.folded = std::move(folded),
                      .begin = static_cast<std::uint32_t>(begin),
                      .end = static_cast<std::uint32_t>(end),
                      .stop = stop,
                      .opens = std::exchange(opens_, false)});
  }

  std::string_view text_;
  std::vector<Word> words_;
  std::string folded_;
  std::size_t begin_ = kNowhere, last_ideograph_ = 0, last_ideograph_end_ = 0;
  bool opens_ = true;
};

constexpr std::uint64_t kSeed = 0xcbf29ce484222325;  // FNV-1a

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
  for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return seed ^ seed >> 29;
}

// The first letters of a long word, whole characters: "cancel" of "cancelación" and "cancelled".
std::string_view stem_of(std::string_view word) {
  std::size_t end = std::min(kStemBytes, word.size());
  while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xc0) == 0x80) ++end;
  return word.substr(0, end);
}

}  // namespace

std::vector<Word> words_of(std::string_view text) {
  return Splitter(text).split();
}

std::vector<Feature> features_of(std::string_view text) {
  const std::vector<Word> words = words_of(text);
  std::vector<Feature> features;
  const Word* last = nullptr;
  std::size_t stops = 0;
  for (const Word& word : words) {
    if (word.opens) last = nullptr;
    if (word.stop) {
      if (++stops > kStopsInsidePair) last = nullptr;
      continue;
    }
    const std::uint64_t hash = hash_of(word.folded, kSeed);
    features.push_back({hash, word.begin, word.end, FeatureKind::word});
    if (const std::string_view stem = stem_of(word.folded); stem.size() < word.folded.size())
      features.push_back({hash_of(stem, kSeed + 1), word.begin, word.end, FeatureKind::stem});
    if (last != nullptr && last->folded != word.folded) {
      const std::uint64_t pair = hash_of(word.folded, hash_of(last->folded, kSeed + 2));
      features.push_back({pair, last->begin, word.end, FeatureKind::pair});
    }
    last = &word;
    stops = 0;
  }
  return features;
}

}  // namespace catalejo::insight::topics
