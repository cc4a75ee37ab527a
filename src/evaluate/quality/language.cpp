#include "evaluate/quality/language.hpp"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>

#include "evaluate/quality/language_model.hpp"
#include "evaluate/quality/script.hpp"
#include "evaluate/text/byte_set.hpp"
#include "evaluate/text/sentences.hpp"
#include "evaluate/text/words.hpp"

namespace catalejo::evaluate {
namespace {

// A language is told from its beginning; more only costs.
constexpr std::size_t kBytesMax = 512;
// Below this a list of names is one as a whole.
constexpr std::size_t kLongBytes = 240;
// Of the model's opinion: when CLD2 says the same, and when it does not.
constexpr double kProbableTogether = 0.4, kProbableAlone = 0.7;
// Of fewer letters it has to be surer.
constexpr std::size_t kFewLetters = 10;
constexpr double kProbableOfFew = 0.95;
// From here on nobody else is asked.
constexpr double kProbableEnough = 0.9;
// From here on it says at least what a text is not in.
constexpr double kProbableAtAll = 0.3;

constexpr ByteSet kLetters([](char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
});

// Code and tables outside fences: lines with many signs.
bool is_code_line(std::string_view line) {
  static constexpr ByteSet kSigns("{}();=<>[]_|\\/$#&*+");
  static constexpr std::array<std::array<std::string_view, 2>, 8> kStatements = {
      {{"SELECT ", " FROM "},
       {"INSERT ", "INTO "},
       {"UPDATE ", " SET "},
       {"DELETE ", "FROM "},
       {"CREATE ", " "},
       {"ALTER ", " "},
       {"DROP ", " "},
       {"WITH ", " AS "}}};
  for (const auto& statement : kStatements)
    if (line.starts_with(statement[0]) && line.find(statement[1], 6) != std::string_view::npos)
      return true;
  std::size_t signs = 0, letters = 0;
  for (const char c : line) {
    signs += kSigns.has(c) ? 1u : 0u;
    letters += kLetters.has(c) ? 1u : 0u;
  }
  return signs * 10 > letters + 6;
}

// Where a quotation in single quotes ends, that begins at `at`; an apostrophe begins none.
std::size_t end_of_single(std::string_view text, std::size_t at) {
  constexpr std::string_view kBefore = " \n(:", kAfter = " \n.,;:?!)";
  if (at > 0 && kBefore.find(text[at - 1]) == std::string_view::npos) return std::string_view::npos;
  const std::string_view window = text.substr(0, at + 400);
  for (std::size_t end = window.find('\'', at + 2); end != std::string_view::npos;
       end = window.find('\'', end + 1))
    if (end + 1 == text.size() || kAfter.find(text[end + 1]) != std::string_view::npos) return end;
  return std::string_view::npos;
}

// What stands between quotation marks is cited; shorter than a paragraph only.
std::string without_quotations(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kMarks = {
      {{"\"", "\""}, {"«", "»"}, {"“", "”"}, {"„", "“"}, {"「", "」"}}};
  static constexpr ByteSet kFirst("\"'\xc2\xe2\xe3");
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool skipped = false;
    const std::size_t plain = i;
    while (i < text.size() && !kFirst.has(text[i])) ++i;
    out += text.substr(plain, i - plain);
    if (i == text.size()) break;
    if (text[i] == '\'') {
      const std::size_t end = end_of_single(text, i);
      skipped = end != std::string_view::npos;
      if (skipped) {
        i = end + 1;
        out += ' ';
      }
    }
    for (const auto& mark : kMarks) {
      if (skipped) break;
      if (!text.substr(i).starts_with(mark.first)) continue;
      const std::size_t end = text.substr(0, i + 400).find(mark.second, i + mark.first.size());
      if (end == std::string_view::npos) continue;
      i = end + mark.second.size();
      out += ' ';
      skipped = true;
      break;
    }
    if (!skipped) out += text[i++];
  }
  return out;
}

std::string spoken(std::string_view text) {
  std::string out;
  std::size_t code = 0;
  const std::string plain = prose(text.substr(0, 4 * kBytesMax));
  for (std::size_t begin = 0; begin < plain.size() && out.size() < kBytesMax;) {
    const std::size_t end = std::min(plain.find('\n', begin), plain.size());
    const std::string_view line = std::string_view(plain).substr(begin, end - begin);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos && line[first] != '>') {
      const bool is_code = is_code_line(line) || line.substr(first).starts_with("$ ");
      if (is_code) code += line.size();
      if (!is_code) (out += line) += '\n';
    }
    begin = end + 1;
  }
  if (code * 2 > out.size()) return {};  // code with some words around it
  return without_quotations(std::string_view(out).substr(0, kBytesMax));
}

bool is_json(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return false;
  const char last = text[text.find_last_not_of(" \t\r\n")];
  return (text[begin] == '{' && last == '}') || (text[begin] == '[' && last == ']');
}

std::string_view short_code(CLD2::Language language) {
  std::string_view code = CLD2::LanguageCode(language);
  if (code == "no" || code == "nb" || code == "nn") return "no";
  if (code == "iw") return "he";
  return code.substr(0, code.find('-'));
}

// Most words begin with a capital: names, whatever their language.
bool is_names(std::string_view text) {
  std::size_t words = 0, capital = 0;
  bool in_word = false;
  for (const char c : text) {
    const bool letter = kLetters.has(c);
    if (letter && !in_word) {
      ++words;
      capital += (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) == 0xc3 ? 1u : 0u;
    }
    in_word = letter;
  }
  return words >= 3 && capital * 5 >= words * 3;
}

void detect(std::string_view text, Languages& found) {
  using CLD2::UNKNOWN_LANGUAGE;
  CLD2::Language languages[3] = {UNKNOWN_LANGUAGE, UNKNOWN_LANGUAGE, UNKNOWN_LANGUAGE};
  int percents[3] = {};
  double scores[3] = {};
  int bytes = 0, valid = 0;
  bool reliable = false;
  const CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, UNKNOWN_LANGUAGE};
  constexpr int kBestEffort = 0x4000;
  const auto ask = [&](std::string_view part) {
    CLD2::ExtDetectLanguageSummaryCheckUTF8(part.data(), static_cast<int>(part.size()), true,
                                            &hints, kBestEffort, languages, percents, scores,
                                            nullptr, &bytes, &reliable, &valid);
  };
  ask(text);
  // It says nothing of what is no UTF-8, as where a character was cut: what is before that.
  if (valid >= 0 && static_cast<std::size_t>(valid) < text.size())
    ask(text.substr(0, static_cast<std::size_t>(valid)));
  found.letters = static_cast<std::size_t>(std::max(bytes, 0));
  for (int i = 0; i < 3; ++i)
    if (languages[i] != UNKNOWN_LANGUAGE && percents[i] > 0)
      found.shares.push_back({std::string(short_code(languages[i])), percents[i]});
  found.sure = reliable && !found.shares.empty() && found.shares[0].percent >= 60 &&
               found.shares[0].code != "la";  // Latin: mottos and filler
}

// The model is sure of all of a text, or of its beginning and its end.
bool is_enough(std::string_view words, const LanguageGuess& begin) {
  const auto enough = [](const LanguageGuess& guess) {
    return guess.probability >= kProbableEnough && guess.letters >= kFewLetters &&
           guess.code != kNoLanguage;
  };
  if (!enough(begin)) return false;
  if (words.size() <= kLongBytes) return true;
  const LanguageGuess end = guess_language(words.substr(words.size() - kLongBytes));
  return enough(end) && close_languages(begin.code, end.code);
}

// CLD2 guesses at short texts: the model of letters and words says whether it is right.
void judge_latin(std::string_view words, Languages& found) {
  constexpr std::size_t kUnknownBytes = 40;  // of a language that the model does not have
  const LanguageGuess guess = guess_language(words);
  if (is_enough(words, guess)) {
    found.letters = words.size();
    found.shares = {{std::string(guess.code), 100}};
  } else {
    detect(words, found);
  }
  const std::string first = found.shares.empty() ? "" : found.shares[0].code;
  const bool together = close_languages(guess.code, first);
  const bool is_short = found.letters < kLongBytes;
  const bool names = is_short && is_names(words);
  if (names && words.find('?') == std::string_view::npos) {
    found.sure = false;
    return;
  }
  if (guess.code == kNoLanguage || guess.probability < kProbableAtAll) {
    found.sure = found.sure && (is_modelled(first) ? !is_short : found.letters >= kUnknownBytes);
    return;
  }
  if (guess.code != first) found.shares.insert(found.shares.begin(), {std::string(guess.code), 90});
  const bool few = guess.letters < kFewLetters;
  const double needed = few ? kProbableOfFew : together ? kProbableTogether : kProbableAlone;
  found.sure =
      guess.probability >= needed && !names;  // "Who was Marie Curie?": it leans to English
  if (!found.sure && !few) found.possible = guess.possible;
}

// Letters say it alone, or name the family; CLD2 tells within it what is long enough.
void judge_script(std::string_view words, std::string_view language, Languages& found) {
  constexpr std::size_t kBytesMin = 6, kBytesTold = 120;
  detect(words, found);
  const bool told = found.sure && found.letters >= kBytesTold && !found.shares.empty() &&
                    close_languages(language, found.shares[0].code);
  if (!told) found.shares.insert(found.shares.begin(), {std::string(language), 90});
  found.letters = std::max(found.letters, words.size());
  found.sure = words.size() >= kBytesMin;
}

}  // namespace

bool Languages::has(std::string_view code, int percent) const {
  return std::ranges::any_of(shares, [&](const LanguageShare& share) {
    return share.code == code && share.percent >= percent;
  });
}

Languages languages_of(std::string_view text) {
  Languages found;
  if (is_json(text)) return found;
  const std::string words = spoken(text);
  const std::string_view script = language_of_script(words);
  if (script.empty())
    judge_latin(words, found);
  else
    judge_script(words, script, found);
  return found;
}

bool told_apart(std::string_view one, std::string_view code, std::string_view other,
                std::string_view other_code) {
  constexpr std::size_t kBytesMin = 25;
  const bool pair = (code == "es" && other_code == "ca") || (code == "ca" && other_code == "es");
  if (!pair || one.size() < kBytesMin || other.size() < kBytesMin) return false;
  const auto is_in = [](std::string_view text, std::string_view language) {
    Languages found;
    detect(spoken(text), found);
    return found.sure && found.shares[0].code == language;
  };
  return is_in(one, code) && is_in(other, other_code);
}

bool close_languages(std::string_view one, std::string_view other) {
  static constexpr std::array<std::string_view, 9> kFamilies = {
      "es gl ast an",      "pt gl",       "da no sv nn",   "hr sr bs sl me", "id ms jw su", "cs sk",
      "ru uk bg be mk sr", "ca oc es an", "hi mr ne bh sa"};
  if (one == other) return true;
  return std::ranges::any_of(kFamilies, [&](std::string_view family) {
    bool has_one = false, has_other = false;
    each_word(family, [&](std::string_view word, std::size_t) {
      has_one |= word == one;
      has_other |= word == other;
    });
    return has_one && has_other;
  });
}

}  // namespace catalejo::evaluate
