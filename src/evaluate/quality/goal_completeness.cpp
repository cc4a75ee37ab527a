#include "evaluate/quality/goal_completeness.hpp"

#include <array>
#include <unordered_set>

#include "evaluate/quality/failure_to_answer.hpp"
#include "evaluate/text/fold.hpp"
#include "evaluate/text/phrases.hpp"
#include "evaluate/text/stems.hpp"
#include "evaluate/text/words.hpp"

namespace catalejo::evaluate {
namespace {

const PhraseSet& endings() {
  static const PhraseSet set = [] {
    static constexpr std::array<std::string_view, 2> kTexts = {
        "(thanks|thank you|thx|perfect|that (worked|works|helps|helped|solved it|did it|fixed it)|"
        "it works|works now|solved|great,? that|exactly what i|all good|that'?s all|problem solved|"
        "gracias|perfecto|funciona|ya funciona|solucionado|resuelto|eso es todo|justo lo que|"
        "me sirve|me ha servido|listo)",
        "(not what i (asked|meant|want|wanted)|that'?s (wrong|not right|not it|incorrect)|"
        "still (not|doesn'?t|does not|broken|failing|the same|wrong|having)|(does not|doesn'?t|did "
        "not|didn'?t) (work|help|answer)|wrong (answer|again)|i (already|just) (said|told|asked)|"
        "you (are not|aren'?t|don'?t) (understand|listening|helping|answer)[a-z]*|useless|forget "
        "it|"
        "never mind|i give up|talk to (a|an) (human|agent|person)|real person|"
        "no es (eso|lo que)|sigue (sin|igual|fallando)|no funciona|no me (sirve|ayuda|entiendes)|"
        "eso (esta mal|no es)|ya te (lo )?(dije|he dicho)|dejalo|olvidalo|me rindo|"
        "hablar con (una persona|un humano|un agente|alguien))"};
    return PhraseSet(kTexts);
  }();
  return set;
}

bool has_ending(std::string_view text, std::uint32_t which) {
  for (const PhraseHit& hit : endings().find(fold(text).text))
    if (hit.rule == which) return true;
  return false;
}

// The same question again: most of its words were in an earlier one.
bool asked_before(std::span<const Turn> turns) {
  std::unordered_set<std::string> last;
  const std::string stems = stemmed(turns.back().user);
  each_word(stems, [&](std::string_view word, std::size_t) { last.emplace(word); });
  if (last.size() < 3) return false;
  for (const Turn& turn : turns.first(turns.size() - 1)) {
    std::unordered_set<std::string> seen;
    const std::string earlier = stemmed(turn.user);
    each_word(earlier, [&](std::string_view word, std::size_t) {
      if (last.contains(std::string(word))) seen.emplace(word);
    });
    if (seen.size() * 5 >= last.size() * 4) return true;
  }
  return false;
}

bool was_answered(const Turn& turn) {
  if (turn.error) return false;
  const std::array<Text, 2> texts = {Text{Side::input, Voice::user, 0, turn.user, {}},
                                     Text{Side::output, Voice::assistant, 0, turn.assistant, {}}};
  Subject subject;
  subject.kind = "llm";
  subject.texts = texts;
  std::vector<Verdict> verdicts;
  FailureToAnswer().judge(subject, verdicts);
  return verdicts.empty() || verdicts.front().assessment == Assessment::pass;
}

}  // namespace

std::optional<Verdict> goal_completeness(std::span<const Turn> turns) {
  if (turns.empty()) return {};
  Verdict verdict{.label = "goal_completeness", .type = model::MetricType::categorical};
  const auto say = [&](std::string_view text, Assessment assessment, std::string_view reason) {
    verdict.text = text;
    verdict.assessment = assessment;
    verdict.reasoning = reason;
  };
  const Turn& last = turns.back();
  if (has_ending(last.user, 1))
    say("incomplete", Assessment::fail, "The user ends with a complaint.");
  else if (has_ending(last.user, 0) && turns.size() > 1)
    say("complete", Assessment::pass, "The user ends with thanks.");
  else if (!was_answered(last))
    say("incomplete", Assessment::fail, "The last question was not answered.");
  else if (turns.size() > 1 && asked_before(turns))
    say("incomplete", Assessment::fail, "The last question had been asked before.");
  else if (has_ending(last.user, 0))
    say("complete", Assessment::pass, "The user ends with thanks.");
  else
    say("unclear", Assessment::none, "Nothing tells how the session ended.");
  return verdict;
}

void GoalCompleteness::judge_whole(const Whole& whole, std::vector<Verdict>& verdicts) const {
  if (auto verdict = goal_completeness(whole.turns)) verdicts.push_back(*std::move(verdict));
}

}  // namespace catalejo::evaluate
