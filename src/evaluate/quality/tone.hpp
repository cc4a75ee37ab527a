// How a text sounds, by lexicons: sentiment and toxicity, English and Spanish, one evaluator for
// what the user wrote and one for what the model answered.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

// "positive", "negative" or "neutral". Silent on texts without letters.
class Sentiment final : public Evaluator {
 public:
  explicit Sentiment(Side side) : side_(side) {}
  std::string_view id() const override {
    return side_ == Side::input ? "sentiment_input" : "sentiment_output";
  }
  std::uint32_t version() const override { return 2; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;

 private:
  Side side_;
};

// "insult", "threat", "hate", "sexual", "profanity", "self_harm", or "none". What is quoted, told
// of others or said as medicine or news is no toxicity of the one who says it.
class Toxicity final : public Evaluator {
 public:
  explicit Toxicity(Side side) : side_(side) {}
  std::string_view id() const override {
    return side_ == Side::input ? "toxicity_input" : "toxicity_output";
  }
  std::uint32_t version() const override { return 2; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;

 private:
  Side side_;
};

}  // namespace catalejo::evaluate
