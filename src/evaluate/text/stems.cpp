#include "evaluate/text/stems.hpp"

#include <array>
#include <unordered_set>

#include "evaluate/text/fold.hpp"
#include "evaluate/text/words.hpp"

namespace catalejo::evaluate {
namespace {

constexpr std::string_view kStopWords =
    "a an the of to in on at by for with from and or but not no nor so as if than then that this "
    "these those is are was were be been being am do does did done have has had having will would "
    "can could shall should may might must it its it's he she they them their his her i you we us "
    "our your my me what which who whom whose when where why how all any each every some such only "
    "own same too very just also more most other into over under again there here about up out "
    "el la los las un una unos unas de del al en por para con sin sobre entre y e o u pero ni que "
    "se su sus es son fue fueron ser era eran ha han he hemos haber hay esta este estos estas ese "
    "esa eso esos esas lo le les me te nos mi tu como mas muy ya si no tambien cuando donde quien "
    "cual cuales porque desde hasta cada todo toda todos todas otro otra estar estan puede pueden";

const std::unordered_set<std::string_view>& stop_words() {
  static const auto set = [] {
    std::unordered_set<std::string_view> words;
    each_word(kStopWords, [&](std::string_view word, std::size_t) { words.insert(word); });
    return words;
  }();
  return set;
}

}  // namespace

bool is_stop_word(std::string_view folded_word) {
  return stop_words().contains(folded_word);
}

std::string_view stem(std::string_view word) {
  // Longest first; what is left must be a stem of at least four letters.
  static constexpr std::array<std::string_view, 39> kEndings = {
      "amientos", "imientos", "aciones", "amiento", "imiento", "mente", "ations", "aciones",
      "acion",    "ation",    "iendo",   "ingly",   "ments",   "ment",  "ando",   "ados",
      "adas",     "idos",     "idas",    "ness",    "ing",     "ion",   "ado",    "ada",
      "ido",      "ida",      "ies",     "ed",      "es",      "er",    "ar",     "ir",
      "os",       "as",       "ly",      "s",       "o",       "a",     "e"};
  for (const std::string_view ending : kEndings)
    if (word.size() >= ending.size() + 4 && word.ends_with(ending))
      return word.substr(0, word.size() - ending.size());
  return word;
}

std::string stemmed(std::string_view text) {
  const Folded folded = fold(text);
  std::string out = " ";
  each_word(folded.text, [&](std::string_view word, std::size_t) {
    if (is_stop_word(word)) return;
    out += stem(word);
    out += ' ';
  });
  return out;
}

}  // namespace catalejo::evaluate
