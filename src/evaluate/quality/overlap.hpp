// What an answer and its sources have in common, by words: a measure of wording, not of truth. A
// paraphrase scores low, a false sentence made of true words scores high.
#pragma once

#include <string>
#include <vector>

#include "evaluate/evaluator.hpp"
#include "evaluate/options.hpp"

namespace catalejo::evaluate {

// How much of what the answer says stands in the retrieved documents and tool results: content
// words by their stems, numbers and names as they are, these three times as much. Silent without
// sources. A score from 0 to 1; below kGroundedMin it fails.
class Groundedness final : public Evaluator {
 public:
  std::string_view id() const override { return "groundedness_lexical"; }
  std::uint32_t version() const override { return 1; }
  std::optional<Threshold> threshold() const override { return Threshold{kGroundedMin, true}; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;

  static constexpr double kGroundedMin = 0.5;
};

// Which of the user's topics a request is about: the share of a topic's words is not asked for, one
// phrase or two words are enough. Categorical: the topic, or "irrelevant", which fails.
class TopicRelevance final : public Evaluator {
 public:
  explicit TopicRelevance(std::vector<Topic> topics);
  std::string_view id() const override { return "topic_relevance"; }
  std::uint32_t version() const override { return 1; }
  std::string_view asks_for() const override { return "topics"; }
  Result<std::unique_ptr<const Evaluator>> configured(std::string_view options) const override;
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;

 private:
  struct Phrases {
    std::string name;
    std::vector<std::string> phrases;  // stems with blanks around them
  };
  std::vector<Phrases> topics_;
};

}  // namespace catalejo::evaluate
