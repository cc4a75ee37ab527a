#include <fmt/format.h>

#include <array>
#include <bitset>
#include <cmath>
#include <unordered_map>

#include "evaluate/quality/tone.hpp"
#include "evaluate/text/citation.hpp"
#include "evaluate/text/fold.hpp"
#include "evaluate/text/phrases.hpp"
#include "evaluate/text/sentences.hpp"
#include "evaluate/text/voices.hpp"
#include "evaluate/text/words.hpp"

namespace catalejo::evaluate {
namespace {

struct Words {
  int weight;
  std::string_view words;  // folded; a trailing * stands for any ending
};

constexpr std::array kLexicon = {
    Words{3,
          "excellent amazing awesome fantastic wonderful brilliant outstanding superb perfect "
          "perfectly love loved loves loving delighted thrilled magnificent phenomenal best "
          "excelente excelentes maravillos* fantastic* increible genial geniales encanta encantan "
          "encanto encantad* perfect* estupend* fabulos* magnific* espectacular impecable "
          "adoro enhorabuena sobresaliente mejor"},
    Words{2,
          "good great nice happy glad pleased enjoy enjoyed enjoying helpful useful thanks thank "
          "grateful appreciate appreciated impressive beautiful lovely fun smooth reliable "
          "recommend recommended satisfied comfortable friendly kind elegant fast easy win won "
          "success successful successfully excited bueno buena buenos buenas bien feliz felices "
          "content* gracias agradecid* agradezco util utiles gusta gustan gusto alegr* bonit* "
          "precios* hermos* comod* amable amables recomiendo recomendable satisfech* rapid* facil "
          "divertid* exito disfrut* acierto agradable"},
    Words{1,
          "fine better clear correct works worked fair decent solid interesting fresh safe calm "
          "hope hopeful improved improvement welcome correcto correcta mejora mejoro mejorado "
          "clar* funciona interesante segur* tranquil* ojala esperanza"},
    Words{-1,
          "fail fails failed failure wrong crash crashes slow late missing unclear problem "
          "problems issue issues confusing confused delay delayed "
          "difficult hard expensive cold noisy boring tired sorry unfortunately lento lenta lentos "
          "tarde falta problema problemas confus* retras* dificil fall* car* fri* ruidos* aburrid* "
          "cansad* lamentablemente raro"},
    Words{-2,
          "bad broken sad unhappy "
          "angry annoyed annoying upset disappointed disappointing poor poorly useless waste dirty "
          "rude ugly hate hated frustrating frustrated worried afraid pain painful lose "
          "complaint refund scam lie lied ignored unacceptable freezes mess nonsense regret "
          "ruined mistake overpriced faulty stuck letdown shame ridiculous unusable unhelpful "
          "incompetent unprofessional dishonest exhausted cheated misleading scratched stinks "
          "smelly rip-off sloppy clumsy unfair disgrace failing flickers squeaky lio chasco "
          "desesper* engan* estropead* descontent* insatisfech* ridicul* desagradable incompetent* "
          "arrepient* agotad* impresentable inservible cutre chapuza* penos* injust* mal mala malo "
          "malas malos "
          "rot* triste tristes enfad* molest* decepcion* pobre inutil inutiles  "
          "suci* grosero grosera feo fea odio odia frustr* preocupad* miedo dolor queja "
          "estaf* mentir* ignorad* inaceptable harto harta fracas* peor indignad* timo"},
    Words{-3,
          "terrible horrible awful worst disgusting pathetic dreadful nightmare hateful furious "
          "appalling atrocious abysmal horrendous horribl* pesim* asqueros* asco "
          "patetic* desastr* vergonzos* verguenza pesadilla furios* nefast* lamentable "
          "espantos*"},
};

// What people say who complain, often without a word that is bad by itself.
struct Complaint {
  double weight;
  std::string_view phrase;
};

// clang-format off
constexpr std::array kComplaints = {
    Complaint{-3, R"x((still (not|no|nothing|waiting)|(nobody|no one)~(answers?|answered|cares?|helps?|helped|replies|replied|came)|never (showed up|arrived|came|again)|(waited|waiting|waits|on hold)~(hours?|weeks?|days?|minutes|months?)|(weeks?|days?|hours?|months?)~(nothing|still|no answer|no reply)))x"},
    Complaint{-3, R"x((stopped working|(broke|breaks|died|fell apart|tore)~(first|second|after|again)|(ate|lost|deleted|erased|ruined|destroyed|wrecked)( all)? (my|our)))x"},
    Complaint{-3, R"x((waste of (time|money|an?)|fed up|(sick|tired) of|had enough|(losing|lost|lose) (my|all) patience|drives? (me|us) (mad|crazy|nuts|up)|(cancel|close|delete) my (account|subscription|contract)|(want|give me|demand) (my money|a refund)|rip ?off))x"},
    Complaint{-3, R"x(((a|an|such a|is a|was a|what a)( total| complete| big| huge| real)? (joke|letdown|disaster|mess|mistake|shame|failure|farce)|in circles|(is|are|pure|utter|absolute|total) (garbage|trash|rubbish)))x"},
    Complaint{-3, R"x(((won't|would not|wouldn't|will not|can't|cannot|don't|do not) (buy|recommend|come back|return|trust)|no (help|use)( at all| to me| whatsoever)|(doesn't|does not|did not|didn't|isn't) help|expected (more|better)|(way|far|much) too (expensive|slow|late|long|loud|small|hard)|(i|we) regret|not (impressed|happy|satisfied|pleased|worth)|makes? no sense|shrugs?))x"},
    Complaint{-1.5, R"x(((doesn't|does not|won't|not|isn't) (work|working|start)|out of order))x"},
    Complaint{-3, R"x((sigo (sin|esperando)|siguen? sin|nadie~(responde|contesta|ayuda|ayudo|hace nada|hizo nada|escucha)|(nunca|jamas|no) (llego|aparecio|volvere|vino)|(llevo|llevamos)~(semanas?|dias?|horas?|meses|minutos|anos)))x"},
    Complaint{-3, R"x((no (me|nos) (ayuda|sirve|gusta|convence|contesta|responde)|dejo de funcionar|se (me )?(rompio|ha roto|estropeo|ha estropeado)|(me|nos) (ha|han|has|habeis) (borrado|perdido|destrozado|estropeado|arruinado|mentido|timado|ignorado|enganado)))x"},
    Complaint{-3, R"x((perdida de tiempo|(estoy|estamos) hart[oa]s?|hasta (la coronilla|las narices|el gorro|el mono)|(acaba|acabo|pierdo|perdiendo|agota) la paciencia|no puedo mas|(dadme|denme|quiero darme) de baja|(quiero|exijo)~(devuelvan|devolvais|mi dinero|el reembolso)|(un|una|menudo|menuda|vaya|pura|es) (estafa|basura|verguenza|porqueria)))x"},
    Complaint{-3, R"x(((un|una|menudo|menuda|vaya)( gran| autentic[oa]| total)? (desastre|lio|chasco|asco|tomadura|fracaso|timo)|(gran|menudo|vaya|grave) error|dando vueltas|no (lo|la|los|las|se lo|os) (recomiendo|recomendaria|volveria|comprare|compraria)|esperaba (mas|otra cosa|algo mejor)|ya (he|hemos) tenido bastante))x"},
    Complaint{-3, R"x((carisim[oa]s?|(demasiado|muy) (car[oa]|lent[oa])|me arrepiento|no (estoy|estamos) (content|satisfech)[oa]s?|no (tiene|tienen) sentido|paso de (mi|nosotros)|pasaron de (mi|nosotros)|se encogen? de hombros))x"},
    Complaint{-1.5, R"x((no (funcionan?|arranca|enciende|carga)))x"},
};
// clang-format on

constexpr std::string_view kNegations =
    "not no never don't doesn't didn't isn't wasn't aren't weren't won't wouldn't can't cannot "
    "couldn't without hardly barely nothing nor neither lacks nunca jamas sin tampoco ni "
    "apenas";
constexpr std::string_view kStrong =
    "very really so extremely absolutely totally incredibly truly super muy tan realmente "
    "sumamente "
    "totalmente absolutamente increiblemente demasiado completely utterly";
constexpr std::string_view kTurns = "but however pero aunque although sino yet";

enum class Role : std::uint8_t { none, negation, strong, turn };

struct Entry {
  int weight = 0;
  Role role = Role::none;
};

// A place for each three letters; other bytes share them.
std::size_t beginning_of(std::string_view word) {
  std::size_t at = 0;
  for (const char c : word.substr(0, 3)) at = at * 32 + (static_cast<unsigned char>(c) & 31u);
  return at;
}

struct Tables {
  std::unordered_map<std::string_view, Entry> words;
  std::unordered_map<std::string_view, int> stems;
  std::bitset<32 * 32 * 32> beginnings;  // of the stems
};

const Tables& tables() {
  static const Tables built = [] {
    Tables made;
    const auto add = [&](std::string_view list, Role role) {
      each_word(list, [&](std::string_view word, std::size_t) {
        made.words.emplace(word, Entry{0, role});
      });
    };
    add(kNegations, Role::negation);
    add(kStrong, Role::strong);
    add(kTurns, Role::turn);
    for (const Words& row : kLexicon) {
      for (std::size_t begin = 0; begin < row.words.size();) {
        const std::size_t end = std::min(row.words.find(' ', begin), row.words.size());
        const std::string_view word = row.words.substr(begin, end - begin);
        if (word.ends_with('*')) {
          made.stems.emplace(word.substr(0, word.size() - 1), row.weight);
          made.beginnings.set(beginning_of(word));
        } else {
          made.words.emplace(word, Entry{row.weight, Role::none});
        }
        begin = end + 1;
      }
    }
    return made;
  }();
  return built;
}

Entry entry_of(std::string_view word) {
  const Tables& known = tables();
  const auto found = known.words.find(word);
  if (found != known.words.end()) return found->second;
  if (!known.beginnings[beginning_of(word)]) return {};
  for (std::size_t size = std::min<std::size_t>(word.size(), 12); size >= 3; --size) {
    const auto stem = known.stems.find(word.substr(0, size));
    // An ending, not another word: "caro", "caros", not "caracol".
    if (stem != known.stems.end() && word.size() - size <= (size < 5 ? 2u : 6u))
      return {stem->second, Role::none};
  }
  return {};
}

struct Tone {
  double sum = 0;
  int hits = 0;
};

const PhraseSet& complaints() {
  static const PhraseSet set = phrases_of(kComplaints, &Complaint::phrase);
  return set;
}

Tone tone_of(std::string_view folded) {
  constexpr int kNegationReach = 3;
  Tone tone;
  for (const std::string_view sentence : sentences(folded)) {
    int negated = 0;
    double factor = 1, of_sentence = 0;
    const bool asks = sentence.ends_with('?');
    each_word(sentence, [&](std::string_view word, std::size_t) {
      const Entry entry = entry_of(word);
      if (entry.role == Role::negation) negated = kNegationReach + 1;
      if (entry.role == Role::strong) factor = 1.5;
      if (entry.role == Role::turn) of_sentence *= 0.5;  // what follows is the point
      if (entry.role == Role::negation || entry.role == Role::turn) return;
      if (entry.weight != 0) {
        of_sentence += (negated > 0 ? -0.7 : 1.0) * factor * entry.weight;
        ++tone.hits;
        factor = 1;
      }
      if (negated > 0) --negated;
    });
    // Who asks for a bad sector or a complaint form is neither pleased nor displeased.
    tone.sum += asks ? of_sentence * 0.4 : of_sentence;
  }
  return tone;
}

void add_complaints(std::string_view folded, Tone& tone) {
  for (const PhraseHit& hit : complaints().find(folded)) {
    if (is_quoted(folded, hit.begin, hit.end)) continue;
    tone.sum += kComplaints[hit.rule].weight;
    ++tone.hits;
  }
}

}  // namespace

void Sentiment::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  const Voice voice = side_ == Side::input ? Voice::user : Voice::assistant;
  // Of a conversation, what was said last: earlier turns have been judged with their own spans.
  const std::string_view text = last_text(subject, side_, voice);
  const Folded folded = fold(prose(text));
  std::size_t words = 0;
  each_word(folded.text, [&](std::string_view, std::size_t) { ++words; });
  if (words == 0) return;
  Tone tone = tone_of(folded.text);
  // One complaint in so many words would not tell what all of them say.
  constexpr std::size_t kComplaintWordsMax = 100;
  if (words <= kComplaintWordsMax) add_complaints(folded.text, tone);
  // A long text has some words of either kind by chance.
  const double level = tone.sum / std::sqrt(static_cast<double>(words) + 4);
  constexpr double kLevelMin = 0.45;
  Verdict verdict{.label = id(), .type = model::MetricType::categorical};
  verdict.text = level >= kLevelMin ? "positive" : level <= -kLevelMin ? "negative" : "neutral";
  verdict.assessment = verdict.text == "negative" ? Assessment::fail : Assessment::pass;
  verdict.reasoning =
      fmt::format("{} words of the lexicon, {:+.1f} together.", tone.hits, tone.sum);
  verdicts.push_back(std::move(verdict));
}

}  // namespace catalejo::evaluate
