#include "evaluate/quality/goal_completeness.hpp"

#include <array>
#include <set>

#include "evaluate/quality/ending_phrases.hpp"
#include "evaluate/quality/failure_to_answer.hpp"
#include "evaluate/text/stems.hpp"
#include "evaluate/text/words.hpp"

namespace catalejo::evaluate {
namespace {

std::set<std::string> content_of(std::string_view text) {
  std::string plain(text);
  // Letters for whoever cuts words, and no part of any.
  for (const std::string_view mark : {"¿", "¡"})
    for (std::size_t at = plain.find(mark); at != std::string::npos; at = plain.find(mark, at))
      plain.replace(at, mark.size(), " ");
  std::set<std::string> words;
  const std::string stems = stemmed(plain);
  each_word(stems, [&](std::string_view word, std::size_t) { words.emplace(word); });
  return words;
}

// The same question again: it has nearly all words of an earlier one, and few others.
bool asked_before(std::span<const Turn> turns) {
  const std::set<std::string> last = content_of(turns.back().user);
  for (const Turn& turn : turns.first(turns.size() - 1)) {
    const std::set<std::string> earlier = content_of(turn.user);
    std::size_t common = 0;
    for (const std::string& word : earlier) common += last.contains(word) ? 1 : 0;
    const bool nearly_all = common >= 2 && common * 5 >= earlier.size() * 4;
    if (nearly_all && last.size() <= earlier.size() + earlier.size() / 3 + 1) return true;
  }
  return false;
}

bool was_answered(const Turn& turn) {
  const std::array<Text, 2> texts = {Text{Side::input, Voice::user, 0, turn.user, {}},
                                     Text{Side::output, Voice::assistant, 0, turn.assistant, {}}};
  Subject subject;
  subject.kind = "llm";
  subject.texts = texts;
  std::vector<Verdict> verdicts;
  FailureToAnswer().judge(subject, verdicts);
  // "Check the pressure" sends somewhere too, and is what was asked for.
  return verdicts.empty() || verdicts.front().assessment == Assessment::pass ||
         verdicts.front().text == "redirect";
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
  // Thanks and complaints of who has not been answered yet are about something else.
  const Ending ending = turns.size() > 1 ? ending_of(last.user) : Ending{};
  if (ending.complaint)
    say("incomplete", Assessment::fail, "The user ends with a complaint.");
  else if (ending.gives_up)
    say("incomplete", Assessment::fail, "The user gives up or wants a person.");
  else if (ending.thanks && !ending.asks)
    say("complete", Assessment::pass, "The user ends with thanks.");
  else if (last.error || last.assistant.empty())
    say("incomplete", Assessment::fail, "The last call failed or answered nothing.");
  else if (!was_answered(last))
    say("incomplete", Assessment::fail, "The last question was not answered.");
  else if (last.tool_failed)
    say("incomplete", Assessment::fail, "The last tool that was called failed.");
  else if (asked_before(turns))
    say("incomplete", Assessment::fail, "The last question had been asked before.");
  else
    say("unclear", Assessment::none, "Nothing tells how the session ended.");
  return verdict;
}

void GoalCompleteness::judge_whole(const Whole& whole, std::vector<Verdict>& verdicts) const {
  if (auto verdict = goal_completeness(whole.turns)) verdicts.push_back(*std::move(verdict));
}

}  // namespace catalejo::evaluate
