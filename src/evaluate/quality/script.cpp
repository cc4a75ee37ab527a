#include "evaluate/quality/script.hpp"

#include <algorithm>
#include <array>

#include "evaluate/text/utf8_cursor.hpp"

namespace catalejo::evaluate {
namespace {

struct Script {
  char32_t first, last;
  std::string_view language;
};

// The first that fits a letter is its own: single letters stand before the script they are of.
constexpr std::array kScripts = {
    Script{'A', 'Z', ""},         Script{'a', 'z', ""},         Script{0xc0, 0x24f, ""},
    Script{0x1e00, 0x1eff, ""},   Script{0x370, 0x3ff, "el"},   Script{0x1f00, 0x1fff, "el"},
    Script{0x404, 0x404, "uk"},   Script{0x406, 0x407, "uk"},   Script{0x454, 0x454, "uk"},
    Script{0x456, 0x457, "uk"},   Script{0x490, 0x491, "uk"},   Script{0x400, 0x52f, "ru"},
    Script{0x531, 0x58f, "hy"},   Script{0x590, 0x5ff, "he"},   Script{0x679, 0x679, "ur"},
    Script{0x688, 0x688, "ur"},   Script{0x691, 0x691, "ur"},   Script{0x6ba, 0x6be, "ur"},
    Script{0x6c1, 0x6c1, "ur"},   Script{0x6d2, 0x6d2, "ur"},   Script{0x67e, 0x67e, "fa"},
    Script{0x686, 0x686, "fa"},   Script{0x698, 0x698, "fa"},   Script{0x6a9, 0x6af, "fa"},
    Script{0x6cc, 0x6cc, "fa"},   Script{0x620, 0x6ff, "ar"},   Script{0x900, 0x97f, "hi"},
    Script{0x980, 0x9ff, "bn"},   Script{0xa80, 0xaff, "gu"},   Script{0xb80, 0xbff, "ta"},
    Script{0xc00, 0xc7f, "te"},   Script{0xe00, 0xe7f, "th"},   Script{0x10a0, 0x10ff, "ka"},
    Script{0x1100, 0x11ff, "ko"}, Script{0x3040, 0x30ff, "ja"}, Script{0x3400, 0x4dbf, "zh"},
    Script{0x4e00, 0x9fff, "zh"}, Script{0xac00, 0xd7af, "ko"}};

// Of two that share a script, the one whose own letters a text has.
constexpr std::array<std::array<std::string_view, 2>, 4> kWithin = {
    {{"uk", "ru"}, {"ur", "fa"}, {"fa", "ar"}, {"ja", "zh"}}};

// The first script of a language stands for it.
constexpr std::size_t index_of(std::string_view language) {
  const auto* found = std::ranges::find(kScripts, language, &Script::language);
  return static_cast<std::size_t>(found - kScripts.begin());
}

constexpr auto kLanguageOf = [] {
  std::array<std::size_t, kScripts.size()> of{};
  for (std::size_t i = 0; i < of.size(); ++i) of[i] = index_of(kScripts[i].language);
  return of;
}();

}  // namespace

std::string_view language_of_script(std::string_view text) {
  std::array<std::size_t, kScripts.size()> bytes{};
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    at += character.bytes;
    if (character.code < 'A') continue;
    const auto* script = std::ranges::find_if(kScripts, [&](const Script& each) {
      return character.code >= each.first && character.code <= each.last;
    });
    if (script == kScripts.end()) continue;
    bytes[kLanguageOf[static_cast<std::size_t>(script - kScripts.begin())]] += character.bytes;
    letters += character.bytes;
  }
  for (const auto& pair : kWithin) {  // the special one takes what both have
    std::size_t& special = bytes[index_of(pair[0])];
    std::size_t& common = bytes[index_of(pair[1])];
    if (special * 50 < special + common) continue;
    special += common;
    common = 0;
  }
  const auto* most = std::ranges::max_element(bytes);
  if (letters == 0 || *most * 2 < letters) return {};
  return kScripts[static_cast<std::size_t>(most - bytes.begin())].language;
}

}  // namespace catalejo::evaluate
