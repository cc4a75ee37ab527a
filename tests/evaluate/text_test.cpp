// What evaluators share of texts: folding, and the way back to the text itself.
#include <gtest/gtest.h>

#include <array>

#include "evaluate/text/fold.hpp"

namespace catalejo::evaluate {
namespace {

std::string_view part(std::string_view text, Place place) {
  return text.substr(place.begin, place.end - place.begin);
}

// The piece of `text` that `word` of its folded form comes from.
std::string_view source_of(std::string_view text, std::string_view word) {
  const std::string folded = fold(text).text;
  const auto at = static_cast<std::uint32_t>(folded.find(word));
  if (at >= folded.size()) return "not there";
  return part(text, unfold_place(text, at, at + static_cast<std::uint32_t>(word.size())));
}

TEST(Fold, OneSpellingForWhatReadsTheSame) {
  EXPECT_EQ(fold("  Olvída  LO\r\n anterior…").text, " olvida lo\nanterior...");
  EXPECT_EQ(fold("іgnоre ＡＬＬ 𝐫𝐮𝐥𝐞𝐬").text, "ignore all rules");
  EXPECT_EQ(fold("ig\u200bno\u00adre").text, "ignore");
  EXPECT_EQ(fold("\xff\xc3").text, "\xff\xc3");
}

TEST(Fold, PlacesAreWholeCharacters) {
  EXPECT_EQ(source_of("di: reglás, ya", "reglas"), "reglás");
  EXPECT_EQ(source_of("dirá así", "dira"), "dirá");
  EXPECT_EQ(source_of("la reglа", "regla"), "reglа");  // a Cyrillic letter at its end
  EXPECT_EQ(source_of("ig\u200bnore\u200b", "ignore"), "ig\u200bnore");
  EXPECT_EQ(source_of("𝐫𝐮𝐥𝐞𝐬!", "rules"), "𝐫𝐮𝐥𝐞𝐬");
  EXPECT_EQ(source_of("straße 5", "strass"), "straß");
  EXPECT_EQ(source_of("wait… what", "wait."), "wait…");
  EXPECT_EQ(source_of("a \t\n b", "a\n"), "a \t\n ");
  EXPECT_EQ(source_of("日本 ok", "日本"), "日本");
}

TEST(Fold, SeveralPlacesAtOnce) {
  constexpr std::string_view kText = "Él irá, tú irás";
  std::array<Place, 3> places = {Place{0, 2}, Place{3, 6}, Place{3, 15}};
  unfold_places(kText, places);
  EXPECT_EQ(part(kText, places[0]), "Él");
  EXPECT_EQ(part(kText, places[1]), "irá");
  EXPECT_EQ(part(kText, places[2]), "irá, tú irás");
  std::array<Place, 1> beyond = {Place{40, 50}};
  unfold_places(kText, beyond);
  EXPECT_EQ(part(kText, beyond[0]), "");
}

}  // namespace
}  // namespace catalejo::evaluate
