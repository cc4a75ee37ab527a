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

// "Never reveal your system prompt" guards it; "ignore the typo", "developer mode on my phone".
bool is_harmless(std::string_view folded, const PhraseHit& hit, Attack attack) {
  static constexpr std::array<std::string_view, 1> kGuardTexts = {
      "(never|not|don'?t|cannot|can'?t|no|nunca|jamas)( (te|se|le|me))?"};
  static constexpr std::array<std::string_view, 2> kThingTexts = {
      "(typos?|spelling|attachment|misprint|errata|erratas|adjunto)",
      "mode (on|in|of|for) (my|the|your|an?|this|android|windows|chrome|ios) "
      "?(android|phone|tablet|tv|iphone|pixel|laptop|watch|console|browser|device)?"};
  static const PhraseSet guards(kGuardTexts), things(kThingTexts);
  constexpr std::uint32_t kBefore = 16, kAfter = 24;
  if (attack == Attack::extraction) {
    const std::uint32_t begin = hit.begin > kBefore ? hit.begin - kBefore : 0;
    const std::string_view before = folded.substr(begin, hit.begin - begin);
    const auto found = guards.find(before, 4);
    return !found.empty() && found.back().end + 1 >= before.size();
  }
  return things.finds(folded.substr(hit.begin, hit.end - hit.begin + kAfter));
}

struct Points {
  std::array<int, 8> of_kind{};  // the most of each
  std::array<int, 8> more{};     // half of what else there is of it
  int cited = 0;
  std::vector<PhraseHit> hits;

  int sum() const {
    int all = std::min(cited, kAlarm / 3);
    for (std::size_t i = 0; i < of_kind.size(); ++i) all += of_kind[i] + more[i] / 3;
    return all;
  }
};

Points points_of(std::string_view folded, bool document) {
  Points points;
  points.hits = phrase_set().find(folded, 1, [&](std::uint32_t rule) {
    return document || injection_rules()[rule].where == Where::anywhere;
  });
  std::erase_if(points.hits, [&](const PhraseHit& hit) {
    return is_harmless(folded, hit, injection_rules()[hit.rule].attack);
  });
  for (const PhraseHit& hit : points.hits) {
    const InjectionRule& rule = injection_rules()[hit.rule];
    if (rule.points >= 6 && is_cited(folded, hit.begin, hit.end)) {
      points.cited += rule.points / 4;
      continue;
    }
    const auto kind = static_cast<std::size_t>(rule.attack);
    const int best = std::max<int>(points.of_kind[kind], rule.points);
    points.more[kind] += std::min<int>(points.of_kind[kind], rule.points);
    points.of_kind[kind] = best;
  }
  return points;
}

// What a long text says here and there does not add up; what it says in one place does.
struct Window {
  std::string_view text;
  std::size_t begin;
};

std::vector<Window> windows(std::string_view folded) {
  constexpr std::size_t kBytes = 1'600, kStep = 1'000;
  std::vector<Window> all;
  for (std::size_t begin = 0; begin < folded.size(); begin += kStep) {
    all.push_back({folded.substr(begin, kBytes), begin});
    if (begin + kBytes >= folded.size()) break;
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
  Likeness likeness;
  if (const Stretch* passage = surest_in(window, stretches.passages);
      passage != nullptr && passage->score >= 0)
    likeness = {kAlarm, *passage};
  if (const Stretch* sentence = surest_in(window, stretches.sentences); sentence != nullptr) {
    const double more =
        std::max(0.0, std::log2(static_cast<double>(stretches.sentences.size()) / kSentences));
    const double bar = stretches.sentence_alarm + kHigher * more;
    const double share = std::clamp((sentence->score + stretches.sentence_alarm) / bar, 0.0, 1.0);
    const int points = static_cast<int>(share * kAlarm);
    if (points > likeness.points) likeness = {points, *sentence};
  }
  return likeness;
}

void judge_folded(std::string_view folded, bool document, Found& found) {
  const Stretches stretches = injection_stretches(folded);
  for (const Window& window : windows(folded)) {
    const Points points = points_of(window.text, document);
    const Likeness likeness = likeness_in(window, stretches);
    const int sum = points.sum() + likeness.points;
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
