#include "evaluate/text/fold.hpp"

#include <algorithm>
#include <array>

#include "evaluate/text/utf8_cursor.hpp"

namespace catalejo::evaluate {
namespace {

// What a character is read as: nothing, a text of its own, or itself.
struct Reading {
  enum class Kind : std::uint8_t { itself, plain, look_alike, invisible, tag, space } kind;
  std::array<char, 3> text{};
};

using Kind = Reading::Kind;

constexpr Reading plain(char c) {
  return {Kind::plain, {c}};
}

// U+00C0…U+017F, letter by letter; ' ' where there is none.
constexpr std::string_view kLatin =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatin.size() == 0x180 - 0xc0);

struct Pair {
  char32_t from;
  char to;
};

// Letters of Cyrillic, Greek and others that look like Latin ones; ascending.
constexpr std::array kLookAlikes = {
    Pair{0x0251, 'a'}, Pair{0x0261, 'g'}, Pair{0x0262, 'g'}, Pair{0x026a, 'i'}, Pair{0x0274, 'n'},
    Pair{0x0280, 'r'}, Pair{0x028f, 'y'}, Pair{0x0299, 'b'}, Pair{0x029c, 'h'}, Pair{0x029f, 'l'},
    Pair{0x0391, 'a'}, Pair{0x0392, 'b'}, Pair{0x0395, 'e'}, Pair{0x0396, 'z'}, Pair{0x0397, 'h'},
    Pair{0x0399, 'i'}, Pair{0x039a, 'k'}, Pair{0x039c, 'm'}, Pair{0x039d, 'n'}, Pair{0x039f, 'o'},
    Pair{0x03a1, 'p'}, Pair{0x03a4, 't'}, Pair{0x03a5, 'y'}, Pair{0x03a7, 'x'}, Pair{0x03b1, 'a'},
    Pair{0x03b5, 'e'}, Pair{0x03b9, 'i'}, Pair{0x03ba, 'k'}, Pair{0x03bd, 'v'}, Pair{0x03bf, 'o'},
    Pair{0x03c1, 'p'}, Pair{0x03c5, 'u'}, Pair{0x03c7, 'x'}, Pair{0x0405, 's'}, Pair{0x0406, 'i'},
    Pair{0x0408, 'j'}, Pair{0x0410, 'a'}, Pair{0x0412, 'b'}, Pair{0x0415, 'e'}, Pair{0x041a, 'k'},
    Pair{0x041c, 'm'}, Pair{0x041d, 'h'}, Pair{0x041e, 'o'}, Pair{0x0420, 'p'}, Pair{0x0421, 'c'},
    Pair{0x0422, 't'}, Pair{0x0423, 'y'}, Pair{0x0425, 'x'}, Pair{0x0430, 'a'}, Pair{0x0435, 'e'},
    Pair{0x043e, 'o'}, Pair{0x0440, 'p'}, Pair{0x0441, 'c'}, Pair{0x0443, 'y'}, Pair{0x0445, 'x'},
    Pair{0x0455, 's'}, Pair{0x0456, 'i'}, Pair{0x0458, 'j'}, Pair{0x0461, 'w'}, Pair{0x04bb, 'h'},
    Pair{0x04cf, 'l'}, Pair{0x0501, 'd'}, Pair{0x051b, 'q'}, Pair{0x051d, 'w'}, Pair{0x0578, 'n'},
    Pair{0x057d, 'u'}, Pair{0x0585, 'o'}, Pair{0x1d00, 'a'}, Pair{0x1d04, 'c'}, Pair{0x1d05, 'd'},
    Pair{0x1d07, 'e'}, Pair{0x1d0a, 'j'}, Pair{0x1d0b, 'k'}, Pair{0x1d0d, 'm'}, Pair{0x1d0f, 'o'},
    Pair{0x1d18, 'p'}, Pair{0x1d1b, 't'}, Pair{0x1d1c, 'u'}, Pair{0x1d20, 'v'}, Pair{0x1d21, 'w'},
    Pair{0x1d22, 'z'}, Pair{0xa731, 's'}};
static_assert(std::ranges::is_sorted(kLookAlikes, {}, &Pair::from));

char lower(char32_t c) {
  return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

// Letters of mathematics, circles and squares, which are in rows of the alphabet.
char letter_of_row(char32_t c) {
  if (c >= 0x1d400 && c <= 0x1d6a3) return static_cast<char>('a' + (c - 0x1d400) % 26);
  if (c >= 0x1d7ce && c <= 0x1d7ff) return static_cast<char>('0' + (c - 0x1d7ce) % 10);
  if (c >= 0x24b6 && c <= 0x24e9) return static_cast<char>('a' + (c - 0x24b6) % 26);
  for (const char32_t row : {0x1f130u, 0x1f150u, 0x1f170u})
    if (c >= row && c < row + 26) return static_cast<char>('a' + (c - row));
  return 0;
}

Reading punctuation(char32_t c) {
  if (c >= 0x2000 && c <= 0x200a) return {Kind::space};
  if ((c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f))
    return {Kind::invisible};
  if (c >= 0x2010 && c <= 0x2015) return plain('-');
  if (c >= 0x2018 && c <= 0x201b) return plain('\'');
  if (c >= 0x201c && c <= 0x201f) return plain('"');
  if (c == 0x2026) return {Kind::plain, {'.', '.', '.'}};
  if (c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f) return {Kind::space};
  return {Kind::itself};
}

Reading read_wide(char32_t c) {
  if (c == 0xa0 || c == 0x3000) return {Kind::space};
  if (c == 0xad || c == 0x034f || c == 0x180e || c == 0xfeff || (c >= 0xfe00 && c <= 0xfe0f))
    return {Kind::invisible};
  if (c == 0xab || c == 0xbb) return plain('"');
  if (c == 0xdf) return {Kind::plain, {'s', 's'}};
  if (c >= 0xc0 && c < 0x180) {
    const char letter = kLatin[c - 0xc0];
    return letter == ' ' ? Reading{Kind::itself} : plain(letter);
  }
  if (c >= 0x300 && c <= 0x36f) return {Kind::plain};  // an accent on its own: nothing
  if (c >= 0x2000 && c <= 0x206f) return punctuation(c);
  if (c >= 0xe0020 && c <= 0xe007e) return {Kind::tag, {lower(c - 0xe0000)}};
  if (c >= 0xff01 && c <= 0xff5e) return {Kind::look_alike, {lower(c - 0xfee0)}};
  if (const char letter = letter_of_row(c)) return {Kind::look_alike, {letter}};
  const auto* found = std::ranges::lower_bound(kLookAlikes, c, {}, &Pair::from);
  if (found != kLookAlikes.end() && found->from == c) return {Kind::look_alike, {found->to}};
  return {Kind::itself};
}

// Walks over the folded form: `emit(bytes, begin, end)` for each piece of it and what of the text
// it stands for.
template <class Emit>
void walk(std::string_view text, Folded& counts, Emit emit) {
  bool space_before = false;
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      const char c = lower(byte);
      std::size_t end = at + 1;
      if (is_space(c)) {
        while (end < text.size() && is_space(text[end])) ++end;
        const bool line = text.substr(at, end - at).find('\n') != std::string_view::npos;
        if (line || !space_before) emit(std::string_view(line ? "\n" : " "), at, end);
        space_before = true;
      } else {
        emit(std::string_view(&c, 1), at, end);
        space_before = false;
      }
      at = end;
      continue;
    }
    const Character character = character_at(text, at);
    const Reading reading = read_wide(character.code);
    const std::size_t end = at + character.bytes;
    if (reading.kind == Kind::space) {
      if (!space_before) emit(std::string_view(" "), at, end);
      space_before = true;
    } else if (reading.kind == Kind::itself) {
      emit(text.substr(at, character.bytes), at, end);
      space_before = false;
    } else if (reading.text[0] != 0) {
      const std::size_t size = reading.text[1] == 0 ? 1 : reading.text[2] == 0 ? 2 : 3;
      emit(std::string_view(reading.text.data(), size), at, end);
      space_before = false;
    }
    counts.invisible += reading.kind == Kind::invisible ? 1u : 0u;
    counts.tags += reading.kind == Kind::tag ? 1u : 0u;
    counts.look_alikes += reading.kind == Kind::look_alike ? 1u : 0u;
    at = end;
  }
}

}  // namespace

Folded fold(std::string_view text) {
  Folded folded;
  folded.text.resize(text.size());  // what is folded is never longer
  char* out = folded.text.data();
  walk(text, folded, [&](std::string_view piece, std::size_t, std::size_t) {
    for (const char c : piece) *out++ = c;
  });
  folded.text.resize(static_cast<std::size_t>(out - folded.text.data()));
  return folded;
}

void unfold_places(std::string_view text, std::span<Place> places) {
  Folded counts;
  std::size_t written = 0, begins = 0, ends = 0;
  walk(text, counts, [&](std::string_view piece, std::size_t at, std::size_t end) {
    written += piece.size();
    for (; begins < places.size() && places[begins].begin < written; ++begins)
      places[begins].begin = static_cast<std::uint32_t>(at);
    for (; ends < begins && places[ends].end <= written; ++ends)
      places[ends].end = static_cast<std::uint32_t>(end);
  });
  const auto size = static_cast<std::uint32_t>(text.size());
  for (; begins < places.size(); ++begins) places[begins].begin = size;
  for (; ends < places.size(); ++ends) places[ends].end = size;
}

Place unfold_place(std::string_view text, std::uint32_t begin, std::uint32_t end) {
  Place place{begin, end};
  unfold_places(text, {&place, 1});
  return place;
}

}  // namespace catalejo::evaluate
