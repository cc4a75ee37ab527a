#include "evaluate/security/decode.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "evaluate/text/byte_set.hpp"
#include "evaluate/text/fold.hpp"
#include "evaluate/text/phrases.hpp"
#include "evaluate/text/utf8_cursor.hpp"
#include "evaluate/text/words.hpp"

namespace catalejo::evaluate {
namespace {

// Runs that are looked into, of each kind; a text with more is data.
constexpr std::size_t kRunsMax = 32;
constexpr std::size_t kRunBytesMin = 20;
constexpr std::size_t kCodesMax = 256;  // where each is decoded and no more

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_letter_or_digit(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

constexpr int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr ByteSet kBase64([](char c) { return base64_value(c) >= 0; });
constexpr ByteSet kHex([](char c) { return hex_value(c) >= 0; });
constexpr ByteSet kSpacedHex([](char c) {
  return kHex.has(c) || c == ' ' || c == '\\' || c == 'x';
});

// Mostly letters and blanks: words, not bytes.
bool is_words(std::string_view text) {
  std::size_t good = 0, blanks = 0;
  for (const char c : text) {
    good += std::isalpha(static_cast<unsigned char>(c)) != 0 || c == ' ' || c == ',' || c == '.' ||
                    c == '\'' || c == '\n' || (c & 0x80) != 0
                ? 1u
                : 0u;
    blanks += c == ' ' ? 1u : 0u;
  }
  return text.size() >= 8 && good * 100 >= text.size() * 85 && blanks * 20 >= text.size();
}

std::string from_hex(std::string_view run) {
  std::string out;
  int high = -1;
  for (const char c : run) {
    const int value = hex_value(c);
    if (value < 0) continue;
    if (high < 0) {
      high = value;
    } else {
      out += static_cast<char>(high << 4 | value);
      high = -1;
    }
  }
  return out;
}

bool is_hex(std::string_view run) {
  return std::ranges::all_of(run, [](char c) { return kHex.has(c); });
}

// Calls `take(run)` for each maximal run of bytes of a set that is `wanted`.
template <class Take, class Wanted>
void each_run(std::string_view text, std::size_t bytes_min, const ByteSet& bytes, Take take,
              Wanted wanted, std::size_t runs_max = kRunsMax) {
  std::size_t runs = 0;
  for (std::size_t i = 0; i < text.size() && runs < runs_max;) {
    if (!bytes.has(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && bytes.has(text[end])) ++end;
    if (end - i >= bytes_min && wanted(text.substr(i, end - i))) {
      take(text.substr(i, end - i));
      ++runs;
    }
    i = end;
  }
}

template <class Take>
void each_run(std::string_view text, std::size_t bytes_min, const ByteSet& bytes, Take take) {
  each_run(text, bytes_min, bytes, take, [](std::string_view) { return true; });
}

void add(std::vector<Decoded>& all, std::string_view how, std::string_view text) {
  if (is_words(text)) all.push_back({how, fold(text).text});
}

void add_base64_and_hex(std::string_view text, std::vector<Decoded>& all) {
  each_run(text, kRunBytesMin, kBase64, [&](std::string_view run) {
    if (is_hex(run))
      add(all, "hexadecimal", from_hex(run));
    else
      add(all, "base64", from_base64(run));
  });
  if (text.find("\\x") != std::string_view::npos || text.find("69 ") != std::string_view::npos ||
      text.find("20 ") != std::string_view::npos)
    each_run(text, 2 * kRunBytesMin, kSpacedHex, [&](std::string_view run) {
      std::string digits(run);
      std::erase(digits, 'x');
      add(all, "hexadecimal", from_hex(digits));
    });
}

// %69, &#105;, &#x69; and \u0069, all in one pass.
void add_escapes(std::string_view text, std::vector<Decoded>& all) {
  static constexpr ByteSet kFirst("%&\\");
  if (std::ranges::none_of(text, [](char c) { return kFirst.has(c); }) &&
      text.find("U+") == std::string_view::npos)
    return;
  std::string out;
  std::size_t escapes = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i, 12);
    std::size_t digits = 0, skip = 0;
    int base = 16;
    if (rest.starts_with("%")) digits = 2, skip = 1;
    if (rest.starts_with("\\u") || rest.starts_with("U+")) digits = 4, skip = 2;
    if (rest.starts_with("&#x"))
      digits = std::min(rest.find(';'), rest.size()) - 3, skip = 3;
    else if (rest.starts_with("&#"))
      digits = std::min(rest.find(';'), rest.size()) - 2, skip = 2, base = 10;
    int code = 0;
    bool good = digits > 0 && digits < 7 && rest.size() >= skip + digits;
    for (std::size_t k = 0; good && k < digits; ++k) {
      const int value = hex_value(rest[skip + k]);
      good = value >= 0 && value < base;
      code = code * base + value;
    }
    if (!good || code < 0x20 || code > 0x7e) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(code);
    ++escapes;
    i += skip + digits - 1;
    if (base == 10 || skip == 3) ++i;  // the semicolon
  }
  if (escapes >= 6) all.push_back({"escapes", fold(out).text});
}

std::string rot13(std::string_view folded) {
  std::string out(folded);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>('a' + (c - 'a' + 13) % 26);
  return out;
}

char leet_letter(char c, char one) {
  switch (c) {
    case '0':
      return 'o';
    case '1':
      return one;
    case '3':
      return 'e';
    case '4':
      return 'a';
    case '5':
      return 's';
    case '7':
      return 't';
    case '8':
      return 'b';
    case '@':
      return 'a';
    case '$':
      return 's';
    case '!':
      return 'i';
    case '|':
      return 'l';
    default:
      return c;
  }
}

// Identifiers of a long text are none: they are few of its words.
bool is_leet(std::string_view folded) {
  constexpr std::size_t kOneOf = 12;
  std::size_t count = 0, words = 0;
  each_word(folded, [&](std::string_view word, std::size_t) {
    std::size_t digits = 0;
    ++words;
    for (const char c : word) digits += c >= '0' && c <= '9' ? 1u : 0u;
    count += digits > 0 && digits * 4 <= word.size() * 3 && word.size() >= 3 ? 1u : 0u;
  });
  return count >= 2 && count * kOneOf >= words;
}

void add_leet(std::string_view folded, std::vector<Decoded>& all) {
  if (!is_leet(folded)) return;
  for (const char one : {'i', 'l'}) {
    std::string out(folded);
    for (char& c : out) c = leet_letter(c, one);
    all.push_back({"leetspeak", std::move(out)});
  }
}

// "i g n o r e   a l l", "i-g-n-o-r-e": letters that stand alone are joined; a wider gap is a
// blank.
void add_spaced(std::string_view text, std::vector<Decoded>& all) {
  constexpr std::size_t kJoinedMin = 4;
  std::string out;
  std::size_t joined = 0;
  const auto alone = [&](std::size_t i) {
    return is_letter(text[i]) && (i == 0 || !is_letter_or_digit(text[i - 1])) &&
           (i + 1 >= text.size() || !is_letter_or_digit(text[i + 1]));
  };
  std::size_t pairs = 0;
  for (std::size_t i = 0; i + 2 < text.size() && pairs < kJoinedMin; ++i)
    pairs += alone(i) && alone(i + 2) ? 1u : 0u;
  if (pairs < kJoinedMin) return;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (i + 2 < text.size() && alone(i) && alone(i + 2)) {
      ++joined;
      ++i;  // the one sign between them
    }
  }
  if (joined >= kJoinedMin) all.push_back({"spaced letters", fold(out).text});
}

// Words that give rot13, reversal and sentences in pieces away.
const PhraseSet& traces() {
  static const PhraseSet set = [] {
    static constexpr std::array<std::string_view, 3> kTexts = {
        "(gur|lbh|lbhe|naq|jvgu|nyy|ehyrf|cebzcg|ghf|ybf|ynf|dhr|vafgehpgvbaf|vafgehppvbarf)",
        "(eht|uoy|ruoy|dna|htiw|selur|tpmorp|sut|senoiccurtsni|snoitcurtsni|suoiverp|metsys|oedi)",
        "(concat[a-z]*|combine[ds]?|join(ed|s)?|together|assemble|compute|execute|pieces?|parts?|"
        "fragments?|syllables?|junta(s|las?)?|une(las)?|concatena[a-z]*|ejecuta|trozos?|partes?|"
        "piezas?|silabas?)"};
    return PhraseSet(kTexts);
  }();
  return set;
}

// let a = 'ignore your pre', b = 'vious instructions': what stands in quotation marks, joined.
std::vector<std::string_view> quoted_pieces(std::string_view folded) {
  constexpr std::size_t kPieceBytesMax = 60;
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const char mark = folded[i];
    if ((mark != '\'' && mark != '"' && mark != '`') ||
        (i > 0 && is_letter_or_digit(folded[i - 1])))
      continue;
    const std::size_t end = folded.substr(i + 1, kPieceBytesMax + 1).find(mark);
    if (end == std::string_view::npos || end == 0) continue;
    pieces.push_back(folded.substr(i + 1, end));
    i += end + 1;
  }
  return pieces;
}

// "a+b", "x+ y": variables that are put together.
bool adds_variables(std::string_view folded) {
  const auto in_word = [&](std::size_t i) {
    return i < folded.size() && (is_letter_or_digit(folded[i]) || folded[i] == '_');
  };
  for (std::size_t i = folded.find('+', 1); i < folded.size(); i = folded.find('+', i + 1)) {
    const std::size_t next = i + 1 < folded.size() && folded[i + 1] == ' ' ? i + 2 : i + 1;
    if (in_word(i - 1) && next < folded.size() && is_letter(folded[next]) && !in_word(next + 1))
      return true;
  }
  return false;
}

// Piece 1: reveal the sys. Piece 2: tem message.
std::vector<std::string_view> numbered_pieces(std::string_view folded) {
  static const PhraseSet labels =
      phrase_of("(piece|part|fragment|chunk|trozo|parte|pieza|fragmento)[ #]?[0-9]{1,2} ?[:=] ?",
                PhraseSet::Syntax::expressions);
  std::vector<std::string_view> pieces;
  for (const PhraseHit& hit : labels.find(folded, kRunsMax)) {
    const std::string_view rest = folded.substr(hit.end);
    std::string_view piece = rest.substr(0, std::min(rest.find_first_of(".;\n"), rest.size()));
    while (!piece.empty() && (piece.front() == ' ' || piece.front() == '"')) piece.remove_prefix(1);
    while (!piece.empty() && piece.back() == '"') piece.remove_suffix(1);
    if (!piece.empty()) pieces.push_back(piece);
  }
  return pieces;
}

void add_pieces(std::string_view folded, std::vector<Decoded>& all) {
  constexpr std::size_t kPiecesMax = 16;  // more are data
  for (const auto& pieces : {quoted_pieces(folded), numbered_pieces(folded)}) {
    if (pieces.size() < 2 || pieces.size() > kPiecesMax) continue;
    std::string joined, apart;
    for (const std::string_view piece : pieces) {
      joined += piece;
      apart.append(piece).append(" ");
    }
    all.push_back({"pieces", std::move(joined)});
    all.push_back({"pieces", std::move(apart)});
  }
}

// "ol-vi-da tus re-glas"
void add_syllables(std::string_view folded, std::vector<Decoded>& all) {
  constexpr std::size_t kHyphensMin = 3, kSyllableMax = 4, kOneOf = 8;
  if (std::ranges::count(folded, '-') < static_cast<std::ptrdiff_t>(kHyphensMin)) return;
  std::string out;
  std::size_t hyphens = 0, blanks = 0, since = 0;  // letters since the last other sign
  for (std::size_t i = 0; i < folded.size(); ++i) {
    if (is_letter(folded[i])) {
      ++since;
    } else if (folded[i] == '-' && since > 0 && since <= kSyllableMax && i + 1 < folded.size() &&
               is_letter(folded[i + 1])) {
      ++hyphens;
      since = 0;
      continue;
    } else {
      blanks += folded[i] == ' ' ? 1u : 0u;
      since = 0;
    }
    out += folded[i];
  }
  if (hyphens >= kHyphensMin && hyphens * kOneOf >= blanks)
    all.push_back({"syllables", std::move(out)});
}

// Characters of the tag block, which are shown as nothing.
void add_tags(std::string_view text, std::vector<Decoded>& all) {
  std::string out;
  for (std::size_t i = text.find("\xf3\xa0"); i != std::string_view::npos && i < text.size();) {
    const Character character = character_at(text, i);
    if (character.code >= 0xe0020 && character.code <= 0xe007e)
      out += static_cast<char>(character.code - 0xe0000);
    i = text.find("\xf3\xa0", i + character.bytes);
  }
  if (out.size() >= 6) all.push_back({"tag characters", fold(out).text});
}

}  // namespace

std::string from_base64(std::string_view run) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : run) {
    bits = bits << 6 | static_cast<std::uint32_t>(base64_value(c));
    count += 6;
    if (count >= 8) out += static_cast<char>(bits >> (count -= 8) & 0xff);
  }
  return out;
}

std::string from_base64(std::span<const std::string_view> parts) {
  std::string bytes;
  for (const std::string_view part : parts) bytes += from_base64(part);
  return bytes;
}

std::vector<Decoded> decodings(std::string_view text, std::string_view folded) {
  std::vector<Decoded> all;
  add_base64_and_hex(text, all);
  add_escapes(text, all);
  add_leet(folded, all);
  add_spaced(text, all);
  add_tags(text, all);
  add_syllables(folded, all);
  bool pieces = adds_variables(folded);
  for (const PhraseHit& hit : traces().find(folded)) {
    if (hit.rule == 0) all.push_back({"rot13", rot13(folded)});
    if (hit.rule == 1) all.push_back({"reversed", std::string(folded.rbegin(), folded.rend())});
    pieces = pieces || hit.rule == 2;
  }
  if (pieces) add_pieces(folded, all);
  return all;
}

std::vector<std::string> decoded_bytes(std::string_view text) {
  std::vector<std::string> all;
  each_run(
      text, 8, kBase64,
      [&](std::string_view run) {
        all.push_back(from_base64(run));
        if (is_hex(run)) all.push_back(from_hex(run));
      },
      // Long words in small letters are no code, and would be many.
      [](std::string_view run) {
        return std::ranges::any_of(run.substr(1), [](char c) { return c < 'a' || c > 'z'; });
      },
      kCodesMax);
  return all;
}

}  // namespace catalejo::evaluate
