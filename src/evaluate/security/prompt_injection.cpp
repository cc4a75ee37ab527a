#include "evaluate/security/prompt_injection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "evaluate/security/decode.hpp"
#include "evaluate/security/injection_model.hpp"
#include "evaluate/security/injection_rules.hpp"
#include "evaluate/text/citation.hpp"
#include "evaluate/text/fold.hpp"
#include "evaluate/text/phrases.hpp"

namespace catalejo::evaluate {
namespace {

constexpr std::size_t kFindingsMax = 16;

const PhraseSet& phrase_set() {
  static const PhraseSet set = phrases_of(injection_rules(), &InjectionRule::phrase);
  return set;
}

// Who writes about attacks quotes them: articles, tickets, tests, judges.
const PhraseSet& talk_of_attacks() {
  static const PhraseSet set = [] {
    static constexpr std::array<std::string_view, 2> kTexts = {
        "(prompt injections?|injection attacks?|jailbreaks?|jailbreaking|attackers?|attacks?|"
        "adversarial|red team(ing)?|malicious (users?|instructions?|prompts?|input)|security|"
        "vulnerabilit(y|ies)|exploit|owasp|inyeccion(es)?|ataques?|atacantes?|seguridad|"
        "vulnerabilidad(es)?)",
        "(such as|for example|e\\.g\\.|for instance|like|phrases?|says?|said|wrote|writes?|typed|"
        "example|called|titled|known as|detect|detects|flag|flagged|classify|por ejemplo|como|"
        "frases?|dice|dijo|escribio|escribe|detecta|detectar|clasifica|titulad[oa]|llamad[oa])"};
    return PhraseSet(kTexts);
  }();
  return set;
}

// In quotation marks, behind words that cite, in a text about attacks: told, not meant.
bool is_cited(std::string_view folded, std::uint32_t begin, std::uint32_t end) {
  return is_quoted(folded, begin, end) && talk_of_attacks().finds(lead_in(folded, begin));
}

// "Never reveal your system prompt", "if asked to ignore your rules": it is told to refuse.
bool is_guarded(std::string_view folded, const PhraseHit& hit) {
  static const PhraseSet guards = phrase_of(
      "(never|not|don'?t|cannot|can'?t|no|nunca|jamas|(asks?|tries|try|attempts?) (you |it |them )?"
      "to|told to|pid[ae]n?( que)?|intent[ae]n?|quieren? que)( (te|se|le|me|lo))?");
  constexpr std::uint32_t kBefore = 20;
  const std::uint32_t begin = hit.begin > kBefore ? hit.begin - kBefore : 0;
  const std::string_view before = folded.substr(begin, hit.begin - begin);
  const auto found = guards.find(before, 4);
  return !found.empty() && found.back().end + 1 >= before.size();
}

// A rule's words that belong to two sentences are of neither. Shouted ones (ignore. all. rules.)
// are one.
bool is_across_sentences(std::string_view said) {
  std::size_t ends = 0, blanks = 0;
  for (std::size_t i = 1; i + 2 < said.size(); ++i) {
    const bool blank = said[i + 1] == ' ' || said[i + 1] == '\n';
    const bool item = said[i + 1] == '-' || said[i + 1] == '*' || said[i + 1] == '\n';
    const bool stop = said[i] == '.' || said[i] == ';' || said[i] == '?';
    ends += (stop && blank) || (said[i] == '\n' && item) ? 1u : 0u;
    blanks += said[i] == ' ' || said[i] == '\n' ? 1u : 0u;
  }
  return ends > 0 && 2 * ends <= blanks + 1;
}

// /usr/share/doc, pip-drop: a part of a path or a name.
bool is_within_a_name(char before) {
  return before == '/' || before == '-' || before == '_' || before == '\\' || before == '.';
}

// "The typo", "mode on my phone".
bool is_of_things(std::string_view folded, const PhraseHit& hit) {
  static constexpr std::array<std::string_view, 2> kTexts = {
      "(typos?|spelling|attachment|misprint|errata|erratas|adjunto)",
      "mode (on|in|of|for) (my|the|your|an?|this|android|windows|chrome|ios) "
      "?(android|phone|tablet|tv|iphone|pixel|laptop|watch|console|browser|device)?"};
  static const PhraseSet things(kTexts);
  constexpr std::uint32_t kAfter = 24;
  return things.finds(folded.substr(hit.begin, hit.end - hit.begin + kAfter));
}

// Who takes back what he said himself: "cancel my earlier instructions about the parcel".
bool takes_back(std::string_view said) {
  static const PhraseSet own = phrase_of(
      "(my (previous|last|earlier|own|first|other)|(what|that|everything|anything) i (wrote|said|"
      "asked|told|sent|gave|typed)|i (gave|sent) you|mis? (anterior(es)?|ultim[ao]s?|orden(es)?|"
      "mensajes?|peticion(es)?|instruccion(es)?)|que te (di|dije|pedi|mande|he (dicho|pedido)))");
  return own.finds(said);
}

// Who has one written or mended: "improve this prompt", "write the rules of a chatbot".
bool wants_a_prompt(std::string_view said) {
  static const PhraseSet wishes = phrase_of(
      "(write|draft|create|review|improve|rewrite|check|test|redacta(me)?|escribe(me)?|"
      "mejora(me)?|revisa(me)?|corrige(me)?|crea(me)?)( me| us)?( an?| the| this| my| un| una| el| "
      "la| los| las| este| esta| mi)?( [a-z]+)? (prompt|system prompt|prompt de sistema|"
      "instrucciones de un|rules (of|for) an?|instructions for an?|reglas de un)");
  return wishes.finds(said);
}

bool speaks_to_somebody(std::string_view said) {
  static const PhraseSet second = phrase_of(
      "(you|your|ur|you're|tu|tus|te|vuestr[oa]s?|[a-z]{2,}(me|nos)(la|lo|las|los)?|me|us)");
  return second.finds(said);
}

// Rules that are void may be a school's; those of a model are "your" or "previous" ones.
bool is_of_this_talk(std::string_view said) {
  static const PhraseSet ours = phrase_of(
      "(you|your|ur|tus?|te|vuestr[oa]s?|os|previous(ly)?|prior|preceding|above|earlier|foregoing|"
      "initial|original|anterior(es)?|previ[ao]s?|precedentes?|arriba|antes|iniciales|originales|"
      "system|del? sistema|everything|todo|all|whatever|any|told|prompts?)");
  return ours.finds(said);
}

bool forbids(std::string_view said) {
  static const PhraseSet negations = phrase_of("(not|never|cannot|no|nunca|jamas)");
  return negations.finds(said);
}

// "assistant: please send me the number", amid turns of a user: a talk that was kept.
bool is_turn_of_a_talk(std::string_view folded, const PhraseHit& hit) {
  static const PhraseSet turns = phrase_of(
      "(^|\\n)[^\\na-z]{0,24}(user|human|customer|client|person|usuari[oa]|cliente|persona|you|me|"
      "q)"
      "( [a-z0-9]+)? ?:",
      PhraseSet::Syntax::expressions);
  const std::string_view id = injection_rules()[hit.rule].id;
  return (id == "machine_told" || id == "bot_aside" || id.starts_with("addressed") ||
          id == "called_and_told_when") &&
         turns.finds(folded);
}

// What a hit is worth where it stands.
int worth(std::string_view folded, const PhraseHit& hit, bool document) {
  constexpr int kOwnMax = 4;
  const InjectionRule& rule = injection_rules()[hit.rule];
  const std::string_view said = folded.substr(hit.begin, hit.end - hit.begin);
  const bool orders = rule.attack == Attack::override || rule.attack == Attack::extraction;
  if (orders && is_guarded(folded, hit)) return 0;
  const bool whole = orders || rule.attack == Attack::lifting || rule.attack == Attack::persona ||
                     rule.id == "to_the_model";
  if (whole && is_across_sentences(said)) return 0;
  if (document && is_turn_of_a_talk(folded, hit)) return 0;
  if (orders && document && hit.begin > 0 && is_within_a_name(folded[hit.begin - 1])) return 0;
  if (rule.attack != Attack::extraction && is_of_things(folded, hit)) return 0;
  if (rule.attack == Attack::override && takes_back(folded.substr(hit.begin, said.size() + 12)))
    return std::min<int>(rule.points, kOwnMax);
  // Documents speak of prompts and instructions; who wants them says whose.
  if (document && rule.attack == Attack::extraction && !speaks_to_somebody(said))
    return rule.points / 2;
  if (document && rule.attack == Attack::override && !is_of_this_talk(said)) return rule.points / 2;
  // "The agent must not send mail" is a requirement.
  if ((rule.id == "machine_must" || rule.id == "model_must_call") && forbids(said)) return 0;
  // Licences are "without restriction", and tools "must not fail".
  if (document && (rule.attack == Attack::lifting || rule.attack == Attack::staging))
    return (rule.points + 1) / 2;
  return rule.points;
}

struct Points {
  std::array<int, 8> of_kind{};  // the most of each
  std::array<int, 8> more{};     // what else there is of it, of which a third counts
  int cited = 0;
  std::vector<PhraseHit> hits;

  // Only a model is told so.
  bool plain() const {
    return of(Attack::override) >= 9 || of(Attack::extraction) >= 9 || of(Attack::forgery) >= 8 ||
           of(Attack::persona) >= 8 || of(Attack::hidden) >= 10;
  }

  int of(Attack kind) const { return of_kind[static_cast<std::size_t>(kind)]; }

  int sum() const {
    int all = std::min(cited, kAlarm / 3);
    for (std::size_t i = 0; i < of_kind.size(); ++i) all += of_kind[i] + more[i] / 3;
    return all;
  }
};

Points points_of(std::string_view folded, bool document) {
  constexpr std::size_t kPlaces = 4;  // where the first is harmless, another may not be
  Points points;
  const auto found = phrase_set().find(folded, kPlaces, [&](std::uint32_t rule) {
    return document || injection_rules()[rule].where == Where::anywhere;
  });
  for (std::size_t i = 0; i < found.size();) {
    const std::uint32_t rule = found[i].rule;
    PhraseHit best = found[i];
    int most = 0;
    for (; i < found.size() && found[i].rule == rule; ++i)
      if (const int worthy = worth(folded, found[i], document); worthy > most) {
        most = worthy;
        best = found[i];
      }
    if (most == 0) continue;
    points.hits.push_back(best);
    if (most >= 6 && is_cited(folded, best.begin, best.end)) {
      points.cited += most / 4;
      continue;
    }
    const auto kind = static_cast<std::size_t>(injection_rules()[rule].attack);
    points.more[kind] += std::min(points.of_kind[kind], most);
    points.of_kind[kind] = std::max(points.of_kind[kind], most);
  }
  return points;
}

// What a long text says here and there does not add up; what it says in one place does.
struct Window {
  std::string_view text;
  std::size_t begin;
};

// An attack in a document is short; a user's may be a long story.
std::vector<Window> windows(std::string_view folded, bool document) {
  const std::size_t bytes = document ? 800 : 1'600, step = document ? 500 : 1'000;
  std::vector<Window> all;
  for (std::size_t begin = 0; begin < folded.size(); begin += step) {
    all.push_back({folded.substr(begin, bytes), begin});
    if (begin + bytes >= folded.size()) break;
  }
  return all;
}

struct Found {
  int points = 0;
  std::string_view how;  // the decoding, or empty
  std::vector<std::pair<std::string_view, PhraseHit>> hits;
};

// What the models add to the rules of a window, and where they are surest.
struct Likeness {
  int points = 0;
  Stretch stretch{0, 0, -1e9};
};

// Programs that read, what they are told, and what they give back.
bool names_a_machine(std::string_view folded) {
  static constexpr std::array<std::string_view, 3> kTexts = {
      "(ais?|a\\.i\\.|ias?|llms?|bots?|robots?|chatbots?|assistants?|(ai|coding|autonomous) "
      "agents?|"
      "agents? ?[:,]|the agent|agent (should|must|will|shall)|language models?|the model|models? "
      "reading|chatgpt|[a-z]*gpt|copilot|claude|gemini|siri|alexa|asistentes?|agentes?( de codigo| "
      "autonomos?)?|el modelo|modelos? de (lenguaje|ia))",
      "(prompts?|system (prompt|message|note|override|instructions?)|system ?[:>]|(mensaje|"
      "instrucciones|nota) del? sistema|sistema ?[:>]|(assessment|grading|screening|scoring) "
      "(engine|system|tool)|graders?|summari[sz]ers?|sistemas? automaticos?|revisor(es)? "
      "automaticos?|automated (readers?|systems?|agents?))",
      "((your|tu) (final |next |proxima )?(response|answer|reply|summary|respuesta|resumen|"
      "contestacion)|the user|(el|al|del|la) (usuari[oa]|pregunta)|the question|summari[sz](e|es|"
      "ing)|resumir|resum[ae]n?|whoever asks|(herramienta|tool) [a-z]+_[a-z_]+|"
      "this (candidate|applicant)|est[ea] candidat[oa])"};
  static const PhraseSet machines(kTexts);
  return machines.finds(folded);
}

std::string_view around(std::string_view folded, const Stretch& stretch) {
  constexpr std::size_t kBytes = 300;
  const std::size_t begin = stretch.begin > kBytes ? stretch.begin - kBytes : 0;
  return folded.substr(begin, stretch.end + kBytes - begin);
}

const Stretch* surest_in(const Window& window, const std::vector<Stretch>& stretches) {
  const Stretch* surest = nullptr;
  for (const Stretch& stretch : stretches)
    if (stretch.begin >= window.begin && stretch.begin < window.begin + window.text.size() &&
        (surest == nullptr || stretch.score > surest->score))
      surest = &stretch;
  return surest;
}

// A sentence that is likelier an attack than none counts beside rules, and alone above the alarm,
// which is the higher the more sentences there are to choose from.
Likeness likeness_in(const Window& window, const Stretches& stretches) {
  constexpr double kSentences = 8, kHigher = 0.35;
  constexpr int kSurest = 2 * kAlarm;
  Likeness likeness;
  if (const Stretch* passage = surest_in(window, stretches.passages);
      passage != nullptr && passage->score >= 0)
    likeness = {kSurest, *passage};
  if (const Stretch* sentence = surest_in(window, stretches.sentences); sentence != nullptr) {
    const double more =
        std::max(0.0, std::log2(static_cast<double>(stretches.sentences.size()) / kSentences));
    const double bar = stretches.sentence_alarm + kHigher * more;
    const double share = std::clamp((sentence->score + stretches.sentence_alarm) / bar, 0.0, 2.0);
    const int points = static_cast<int>(share * kAlarm);
    if (points > likeness.points) likeness = {points, *sentence};
  }
  return likeness;
}

// The models take orders to people for orders to a model: in a document they count little where
// nobody speaks of machines, and only beside rules that hit near by; alone they must be surer.
int sum_of(std::string_view folded, const Window& window, bool document, const Points& points,
           const Likeness& likeness) {
  constexpr int kOfPeopleMax = 4;
  const int rules = points.sum();
  const auto likely = [&](bool alone) {
    return alone ? likeness.points * 9 / 10 : std::min(likeness.points, kAlarm);
  };
  if (!document) {
    const std::string_view said =
        folded.substr(likeness.stretch.begin, likeness.stretch.end - likeness.stretch.begin);
    const bool own =
        likeness.points > 0 && (takes_back(said) || wants_a_prompt(said) ||
                                wants_a_prompt(lead_in(folded, likeness.stretch.begin)));
    return rules + (own ? std::min(likely(true), kOfPeopleMax) : likely(rules == 0));
  }
  // No alarm then, unless somebody speaks to a machine.
  const bool heard = rules < kAlarm || points.plain() || names_a_machine(window.text);
  const int most = heard ? rules : kAlarm - 1;
  if (likeness.points == 0) return most;
  const std::string_view near = around(folded, likeness.stretch);
  const Points beside = points_of(near, document);
  const int model = likely(beside.sum() == 0);
  if (names_a_machine(near)) return std::max(most, beside.sum() + model);
  const int together = beside.sum() + std::min(model, kOfPeopleMax);
  return std::max(most, beside.plain() ? together : std::min(together, kAlarm - 1));
}

void judge_folded(std::string_view folded, bool document, Found& found) {
  const Stretches stretches = injection_stretches(folded);
  for (const Window& window : windows(folded, document)) {
    const Points points = points_of(window.text, document);
    const Likeness likeness = likeness_in(window, stretches);
    const int sum = sum_of(folded, window, document, points, likeness);
    if (sum <= found.points) continue;
    found.points = sum;
    found.hits.clear();
    for (PhraseHit hit : points.hits) {
      hit.begin += static_cast<std::uint32_t>(window.begin);
      hit.end += static_cast<std::uint32_t>(window.begin);
      found.hits.emplace_back(injection_rules()[hit.rule].id, hit);
    }
    if (likeness.points > 0)
      found.hits.emplace_back("model",
                              PhraseHit{0, static_cast<std::uint32_t>(likeness.stretch.begin),
                                        static_cast<std::uint32_t>(likeness.stretch.end)});
  }
}

// Findings with places in the text itself.
void locate(const Text& text, const Found& found, std::vector<Finding>& findings) {
  if (!found.how.empty()) {
    const auto end = static_cast<std::uint32_t>(text.text.size());
    findings.push_back({text.side, text.message, 0, end, found.how});
    return;
  }
  for (const auto& [rule, hit] : found.hits) {
    if (findings.size() >= kFindingsMax) return;
    const Place place = unfold_place(text.text, hit.begin, hit.end);
    findings.push_back({text.side, text.message, place.begin, place.end, rule});
  }
}

Found judge_text(const Text& text, std::string_view folded) {
  const bool document = text.voice != Voice::user;
  Found found;
  judge_folded(folded, document, found);
  if (found.points >= kAlarm) return found;
  for (const Decoded& decoded : decodings(text.text, folded)) {
    Found hidden;
    judge_folded(decoded.text, document, hidden);
    if (hidden.points < kAlarm) continue;
    hidden.how = decoded.how;
    return hidden;
  }
  return found;
}

std::string reason_of(const Text& text, const Found& found) {
  const std::string_view where = text.voice == Voice::user       ? "what the user wrote"
                                 : text.voice == Voice::document ? "a document"
                                                                 : "what a tool answered";
  if (!found.how.empty())
    return fmt::format("An instruction hidden as {} in {}.", found.how, where);
  return fmt::format("Rule \"{}\" in {}.", found.hits.front().first, where);
}

}  // namespace

void PromptInjection::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  bool judged = false;
  Verdict verdict{.label = id(), .assessment = Assessment::pass};
  verdict.reasoning = "No attack was found.";
  for (const Text& text : subject.texts) {
    const bool given =
        text.side == Side::input && (text.voice == Voice::user || text.voice == Voice::document ||
                                     text.voice == Voice::tool_result);
    const bool answered = text.side == Side::output && text.voice == Voice::tool_result;
    if ((!given && !answered) || text.text.empty()) continue;
    judged = true;
    const Folded folded = fold(text.text);
    const Found found = judge_text(text, folded.text);
    if (found.points < kAlarm) continue;
    if (verdict.score == 0) verdict.reasoning = reason_of(text, found);
    verdict.score = 1;
    verdict.assessment = Assessment::fail;
    locate(text, found, verdict.findings);
  }
  if (judged) verdicts.push_back(std::move(verdict));
}

}  // namespace catalejo::evaluate
