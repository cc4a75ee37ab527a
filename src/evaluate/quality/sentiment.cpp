#include <fmt/format.h>

#include <array>
#include <bitset>
#include <cmath>
#include <unordered_map>

#include "evaluate/quality/tone.hpp"
#include "evaluate/text/fold.hpp"
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
          "fail fails failed failure error errors crash crashes slow late missing unclear problem "
          "problems issue issues confusing confused delay delayed "
          "difficult hard expensive cold noisy boring tired sorry unfortunately lento lenta lentos "
          "tarde falta problema problemas confus* retras* dificil car* fri* ruidos* aburrid* "
          "cansad* lamentablemente raro"},
    Words{-2,
          "bad wrong broken sad unhappy "
          "angry annoyed annoying upset disappointed disappointing poor poorly useless waste dirty "
          "rude ugly hate hated frustrating frustrated worried afraid pain painful lost lose "
          "complaint refund scam lie lies lied ignored unacceptable mal mala malo malas malos "
          "rot* fall* triste tristes enfad* molest* decepcion* pobre inutil inutiles perdida "
          "suci* grosero grosera feo fea odio odia frustr* preocupad* miedo dolor queja "
          "estaf* mentir* ignorad* inaceptable harto harta fracas* peor indignad* timo"},
    Words{-3,
          "terrible horrible awful worst disgusting pathetic dreadful nightmare hateful furious "
          "garbage trash appalling atrocious abysmal horrendous horribl* pesim* asqueros* asco "
          "patetic* desastr* vergonzos* verguenza pesadilla furios* basura nefast* lamentable "
          "espantos*"},
};

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

Tone tone_of(std::string_view folded) {
  constexpr int kNegationReach = 3;
  Tone tone;
  for (const std::string_view sentence : sentences(folded)) {
    int negated = 0;
    double factor = 1, of_sentence = 0;
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
    tone.sum += of_sentence;
  }
  return tone;
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
  const Tone tone = tone_of(folded.text);
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
