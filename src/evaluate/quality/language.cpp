#include "evaluate/quality/language.hpp"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "evaluate/text/byte_set.hpp"
#include "evaluate/text/fold.hpp"
#include "evaluate/text/phrases.hpp"
#include "evaluate/text/sentences.hpp"
#include "evaluate/text/words.hpp"

namespace catalejo::evaluate {
namespace {

// A language is told from its beginning; more only costs.
constexpr std::size_t kBytesMax = 512;
// Below this CLD2 guesses, and function words must say the same.
constexpr std::size_t kLongBytes = 240;

// Words that hardly stand in another language of this list, folded.
struct FunctionWords {
  std::string_view code, words;
};
constexpr std::array kFunctionWords = {
    FunctionWords{
        "en",
        "the a of and to is are was were that this these those it its with for from you your "
        "have has had be been not which what who how when where why can could would should "
        "will they their there here by on at an if about into than then our we my his her "
        "does did do but or as all any some please more only after before let's it's don't much "
        "many up out so she he say says said make"},
    FunctionWords{
        "es",
        "de en no a el la los las un una unos y que es son era del al con por para como pero mas "
        "muy esta "
        "este estos estas eso hay fue ser han ha sus cual cuando donde quien porque puedes "
        "puedo tiene tienen cuanto cuantos si lo le se su nos desde hasta sobre entre "
        "tambien ya sin o tu mi te hace cada aqui nos va hay hacer unos cuales quienes ese esa "
        "esos dos"},
    FunctionWords{
        "fr",
        "l' d' c' qu' j' n' s' m' a y t il elle on tu peux fait faire plait heure pourquoi cela ca "
        "moi toi entre apres puis quelques environ trop tres bien de la le les des du et est sont "
        "une dans que qui pour avec sur pas par plus ce cette ces "
        "il elle nous vous je au aux ou mais comme son sa ses leur etre avoir quel quelle "
        "comment ne se c'est d'une l'on qu'il peut vos votre"},
    FunctionWords{
        "de",
        "der die das und ist sind ein eine einen einem einer nicht mit von zu auf fur den "
        "dem des sich auch als wie wird werden ich sie wir ihr es im am zum zur oder aber "
        "wenn was wer warum kann konnen hat haben bei nach aus uber nur noch bitte soll tun gibt "
        "mir du mein dein in welche welcher dass danach etwa wo wann man"},
    FunctionWords{
        "it",
        "l' d' dell' all' un' c' nell' sull' dall' mi ti si e ho hai cosa dopo poi circa stato "
        "questo fare molto bene prima de la i il lo gli della delle dei degli del che e un una di "
        "per con non sono come piu "
        "questo questa nel nella alla al si anche ma perche quando dove chi quale puo puoi "
        "essere ha hanno sul dal dalla ci le cosa tra ogni"},
    FunctionWords{
        "pt",
        "de a o os as um uma e de do da dos das que nao com por para como mais mas em no na nos "
        "nas ao aos pelo pela se sao esta este isso foi ser tem voce seu sua quando onde "
        "quem porque pode ou muito tambem ate sobre entre e qual meu minha faco depois mesmo cerca "
        "eu"},
    FunctionWords{
        "nl",
        "de het een en van is zijn niet met voor op te dat die deze dit aan ook als maar "
        "bij naar door uit er wat hoe waar wie waarom kan kunnen heeft hebben wordt ik je "
        "jij u wij we ze of om nog mij laat welke veel in gaat daarna dus"},
    FunctionWords{"ca",
                  "l' d' n' quin quina de en no a el els les la que hi poc abans despres una i que "
                  "es amb per com pero mes molt aquest aquesta "
                  "hi ha del al "
                  "son estan quan on qui perque pot tambe sense ser seu seva o des fins"},
};

std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    words.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return words;
}

const std::unordered_map<std::string_view, std::uint32_t>& function_words() {
  static const auto map = [] {
    std::unordered_map<std::string_view, std::uint32_t> bits;
    for (std::size_t i = 0; i < kFunctionWords.size(); ++i)
      for (const std::string_view word : words_of(kFunctionWords[i].words)) bits[word] |= 1u << i;
    return bits;
  }();
  return map;
}

// The language most function words are of, and whether it leads.
struct Vote {
  std::string_view code;
  std::size_t words = 0, of = 0;
  bool leads = false;
  std::array<std::size_t, kFunctionWords.size()> counts{};

  std::size_t count_of(std::string_view language) const {
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (kFunctionWords[i].code == language) return counts[i];
    return 0;
  }
};

Vote vote(std::string_view text) {
  const Folded folded = fold(text);
  Vote result;
  auto& counts = result.counts;
  each_word(folded.text, [&](std::string_view word, std::size_t) {
    ++result.of;
    const auto count = [&](std::string_view each) {
      const auto found = function_words().find(each);
      if (found == function_words().end()) return;
      for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += found->second >> i & 1u;
    };
    count(word);
    const std::size_t elision = word.find('\'');  // l'heure
    if (elision != std::string_view::npos) count(word.substr(0, elision + 1));
  });
  // Signs that one language of the list alone writes.
  static constexpr std::array<std::pair<std::string_view, std::size_t>, 7> kSigns = {
      {{"¿", 1}, {"¡", 1}, {"ñ", 1}, {"œ", 2}, {"ß", 3}, {"ã", 5}, {"õ", 5}}};
  for (const auto& sign : kSigns)
    if (text.find(sign.first) != std::string_view::npos) counts[sign.second] += 2;
  const auto best = std::ranges::max_element(counts);
  std::size_t second = 0;
  for (const auto& count : counts)
    if (&count != &*best) second = std::max(second, count);
  result.code = kFunctionWords[static_cast<std::size_t>(best - counts.begin())].code;
  result.words = *best;
  result.leads = *best > second;
  return result;
}

bool is_voted(std::string_view code) {
  return std::ranges::any_of(kFunctionWords,
                             [&](const FunctionWords& words) { return words.code == code; });
}

constexpr ByteSet kLetters([](char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
});

// Code and tables outside fences: lines with many signs.
bool is_code_line(std::string_view line) {
  static constexpr ByteSet kSigns("{}();=<>[]_|\\/$#&*+");
  std::size_t signs = 0, letters = 0;
  for (const char c : line) {
    signs += kSigns.has(c) ? 1u : 0u;
    letters += kLetters.has(c) ? 1u : 0u;
  }
  return signs * 10 > letters + 6;
}

// What stands between quotation marks is cited; shorter than a paragraph only.
std::string without_quotations(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kMarks = {
      {{"\"", "\""}, {"«", "»"}, {"“", "”"}, {"„", "“"}, {"「", "」"}}};
  static constexpr ByteSet kFirst("\"\xc2\xe2\xe3");
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool skipped = false;
    const std::size_t plain = i;
    while (i < text.size() && !kFirst.has(text[i])) ++i;
    out += text.substr(plain, i - plain);
    if (i == text.size()) break;
    for (const auto& mark : kMarks) {
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

bool is_latin(std::string_view text) {
  std::size_t wide = 0;
  for (const char c : text) wide += static_cast<unsigned char>(c) >= 0xce ? 1u : 0u;
  return wide * 8 < text.size();
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

// CLD2 guesses at short texts; function words must say the same, or say it alone.
void judge_latin(std::string_view words, Languages& found) {
  const Vote voted = vote(words);
  const std::string guess = found.shares.empty() ? "" : found.shares[0].code;
  const bool agree = voted.leads && voted.code == guess;
  const bool is_short = found.letters < kLongBytes;
  if (is_short && is_names(words)) {
    found.sure = false;
  } else if (agree) {
    const std::size_t needed = found.sure && found.letters >= 18 ? 1 : 2;
    found.sure = voted.words >= needed && voted.words * 9 >= voted.of;
  } else if (voted.leads && voted.words >= 2 && voted.words * 4 >= voted.of &&
             (is_short || !found.sure)) {
    found.shares = {{std::string(voted.code), 90}};
    found.sure = voted.words * 3 >= voted.of;
  } else if (is_short && found.sure && is_voted(guess) && voted.count_of(guess) == voted.words &&
             found.letters >= 20) {
    const auto commas = static_cast<std::size_t>(std::ranges::count(words, ','));
    found.sure = voted.words > 0 || commas * 4 < voted.of;
  } else if (is_short || is_voted(guess)) {
    found.sure =
        found.sure && !is_voted(guess) && found.letters >= 16 && voted.words * 4 < voted.of;
  }
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
  detect(words, found);
  if (!is_latin(words)) {
    found.sure = found.sure && found.letters >= 9;
    return found;
  }
  judge_latin(words, found);
  return found;
}

bool close_languages(std::string_view one, std::string_view other) {
  static constexpr std::array<std::string_view, 8> kFamilies = {
      "es gl ast an", "pt gl", "da no sv nn",       "hr sr bs sl me",
      "id ms jw su",  "cs sk", "ru uk bg be mk sr", "ca oc es an"};
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
