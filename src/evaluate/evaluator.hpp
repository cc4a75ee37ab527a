// One way to judge a span. Evaluators are pure: no I/O, no state between spans, safe from any
// thread, and linear in the length of the texts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "evaluate/subject.hpp"
#include "model/evaluation.hpp"

namespace catalejo::evaluate {

// Where in a span something was found. Offsets are bytes of Text::text.
struct Finding {
  Side side = Side::input;
  std::uint32_t message = 0;
  std::uint32_t begin = 0, end = 0;
  std::string_view rule;  // "card_number", "es_dni", "ignore_instructions"
};

enum class Assessment : std::uint8_t { none, pass, fail };

// What a verdict is about.
enum class Scope : std::uint8_t { span, trace, session };

// What an evaluator says of a span; becomes a model::Evaluation of the same label.
struct Verdict {
  std::string_view label;  // "pii", "failure_to_answer"
  model::MetricType type = model::MetricType::boolean;
  double score = 0;  // score; 0 or 1 for boolean
  std::string text;  // categorical
  Assessment assessment = Assessment::none;
  bool passes_anyway = false;  // whatever threshold somebody set for its score
  std::string reasoning;       // one English sentence; the page translates by rule where it can
  std::vector<Finding> findings;
};

// A score at or above it fails; below it, where a high score is a good one.
struct Threshold {
  double score = 0;
  bool below = false;
};

class Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual std::string_view id() const = 0;  // as its label
  // Raised whenever the same text may be judged otherwise; results of versions are kept apart.
  virtual std::uint32_t version() const = 0;
  virtual Scope scope() const { return Scope::span; }
  // Where a score fails, unless somebody set another; none where nothing is scored.
  virtual std::optional<Threshold> threshold() const { return std::nullopt; }
  // The list that a user has to give before anything is judged ("tokens"); empty where none is.
  virtual std::string_view asks_for() const { return {}; }
  // One of the same id that judges by these options (JSON). Error bad_request.
  virtual Result<std::unique_ptr<const Evaluator>> configured(std::string_view) const {
    return Error{Code::bad_request, "this evaluator has no options", "options"};
  }
  // Appends at most one verdict; none when there is nothing to judge (no text, another kind).
  virtual void judge(const Subject& subject, std::vector<Verdict>& verdicts) const = 0;
};

}  // namespace catalejo::evaluate
