#include <algorithm>
#include <array>

#include "evaluate/quality/language.hpp"
#include "evaluate/text/fold.hpp"
#include "evaluate/text/phrases.hpp"

namespace catalejo::evaluate {
namespace {

struct Name {
  std::string_view code, names;  // folded, as an alternation
};
constexpr std::array kNames = {
    Name{"en", "english|ingles|anglais|englisch|inglese|angles|engels"},
    Name{"es",
         "spanish|espanol|castellano|castella|castelan|espagnol|spanisch|spagnolo|espanhol|"
         "castilian"},
    Name{"fr", "french|frances|francais|franzosisch|francese"},
    Name{"de", "german|aleman|allemand|deutsch|tedesco|alemao|duits"},
    Name{"it", "italian|italiano|italien|italienisch"},
    Name{"pt", "portuguese|portugues|portugais|portugiesisch|portoghese|brazilian"},
    Name{"nl", "dutch|neerlandes|holandes|neerlandais|niederlandisch|olandese|nederlands"},
    Name{"ca", "catalan|catala"},
    Name{"gl", "galician|gallego|galego"},
    Name{"eu", "basque|vasco|euskera|euskara"},
    Name{"zh", "chinese|chino|chinois|chinesisch|mandarin|cinese|zhongwen|中文"},
    Name{"ja", "japanese|japones|japonais|japanisch|giapponese|日本語"},
    Name{"ko", "korean|coreano|coreen|koreanisch"},
    Name{"ru", "russian|ruso|russe|russisch|russo"},
    Name{"uk", "ukrainian|ucraniano|ukrainien|ukrainisch"},
    Name{"pl", "polish|polaco|polonais|polnisch|polski"},
    Name{"cs", "czech|checo|tcheque|tschechisch"},
    Name{"ro", "romanian|rumano|roumain|rumanisch"},
    Name{"hu", "hungarian|hungaro|hongrois|ungarisch"},
    Name{"el", "greek|griego|grec|griechisch"},
    Name{"tr", "turkish|turco|turc|turkisch"},
    Name{"ar", "arabic|arabe|arabisch"},
    Name{"he", "hebrew|hebreo|hebreu|hebraisch"},
    Name{"hi", "hindi"},
    Name{"sv", "swedish|sueco|suedois|schwedisch|svenska"},
    Name{"da", "danish|danes|danois|danisch|dansk"},
    Name{"no", "norwegian|noruego|norvegien|norwegisch|norsk"},
    Name{"fi", "finnish|fines|finlandes|finnois|finnisch"},
    Name{"la", "latin"},
    Name{"vi", "vietnamese|vietnamita|vietnamien"},
    Name{"th", "thai|tailandes"},
    Name{"id", "indonesian|indonesio|bahasa"},
    Name{"fa", "persian|persa|farsi"},
};

// "La versión inglesa", "in his language".
constexpr std::array kVersions = {
    Name{"en", "inglesa"},  Name{"es", "espanola|castellana"},
    Name{"fr", "francesa"}, Name{"de", "alemana"},
    Name{"it", "italiana"}, Name{"pt", "portuguesa|brasilena"},
    Name{"ca", "catalana"}, Name{"gl", "gallega"},
    Name{"eu", "vasca"},
};

constexpr std::string_view kBefore =
    "(in|into|to|from|speak|speaks|speaking|use|using|learn|learning|practi[cs]e|practi[cs]ing|"
    "teach|"
    "language:?|en|al|a|del|de|hablar|habla|aprender|aprendo|practicar|idioma:?|auf|ins|nach|em|"
    "para|"
    "para o|au|vers|only|solo|both|and|y|or|o)( the| only| solo| perfect| simple| plain| good| "
    "clear| "
    "either| both| el| idioma)?";

const PhraseSet& phrase_set() {
  static const PhraseSet set = [] {
    static std::vector<std::string> texts;
    texts.reserve(kNames.size() + kVersions.size() + 2);
    for (const Name& name : kNames)
      texts.push_back("(" + std::string(kBefore) + " (" + std::string(name.names) + ")|(" +
                      std::string(name.names) +
                      ") (translation|version|please|only|word|phrase|"
                      "equivalent|tutor|teacher|lesson|por favor|bitte|text))");
    for (const Name& name : kVersions)
      texts.push_back("(version|traduccion|variante|redaccion) (" + std::string(name.names) + ")");
    texts.push_back(
        "in (his|her|their|its|my|whatever) (own |native |mother )?(language|tongue)|"
        "en (su|mi) (propio |propia )?(idioma|lengua)");
    texts.push_back(
        "(translate|translates|translation|translating|translator|tradueix|traduir|traduce|"
        "traduceme|traducir|"
        "traduzca|traduccion|traductor|traduis|traduire|traduction|traduza|traduzir|ubersetze|"
        "ubersetzen|ubersetzung|traduci|tradurre|how do (you|i) say|como se dice|como digo|"
        "wie sagt man|comment dit-on|come si dice|como se diz|interpreter)");
    std::vector<std::string_view> views(texts.begin(), texts.end());
    return PhraseSet(views);
  }();
  return set;
}

}  // namespace

AskedLanguages asked_languages(std::string_view request) {
  constexpr std::size_t kBytesMax = 8'192;
  AskedLanguages asked;
  const Folded folded = fold(request.substr(0, kBytesMax));
  for (const PhraseHit& hit : phrase_set().find(folded.text)) {
    if (hit.rule < kNames.size())
      asked.codes.push_back(kNames[hit.rule].code);
    else if (hit.rule < kNames.size() + kVersions.size())
      asked.codes.push_back(kVersions[hit.rule - kNames.size()].code);
    else
      asked.any = true;
  }
  return asked;
}

}  // namespace catalejo::evaluate
