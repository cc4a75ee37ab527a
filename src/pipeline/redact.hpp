// Takes personal data and secrets out of a batch before anything is written: out of every text of
// spans, evaluations and events, JSON staying JSON. What was taken is counted, never kept.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "detect/redact.hpp"
#include "model/batch.hpp"
#include "store/redaction.hpp"

namespace catalejo::pipeline {

using detect::kRedactedTag;
using detect::redact_action_name;
using detect::RedactAction;

// The rules of one moment, compiled; immutable.
class Redactor {
 public:
  // `key` is what hashes are keyed with.
  Redactor(const std::vector<store::RedactionRule>& rules, std::string key);

  bool idle() const { return rules_->empty(); }

  using Counts = std::map<std::pair<std::string, std::string>, std::uint64_t>;  // app, rule
  // Adds to `counts` what was taken out.
  void apply(model::Batch& batch, Counts& counts) const;

  // Of one text of an application, as apply() would leave it.
  struct Tried {
    std::string text;
    struct Part {
      std::uint32_t begin = 0, end = 0;  // of the text given
      std::string rule;
      RedactAction action = RedactAction::keep;  // keep: found, but no rule is about it
    };
    std::vector<Part> parts;
  };
  Tried try_text(std::string_view app, std::string_view text) const;

 private:
  struct Work;
  void redact(Work& work) const;
  void redact_span(model::Span& span, Work& work) const;
  void redact_evaluation(model::Evaluation& evaluation, Work& work) const;
  void redact_event(model::Event& event, Work& work) const;

  std::unique_ptr<detect::RedactRules> rules_;
};

// Error bad_request when the rule makes no sense; `where` names the field.
Result<void> check_rule(const store::RedactionRule& rule);

// The rules that hold now. From any thread, where nothing else is said.
class Redaction {
 public:
  // Both outlive this. The key lies in `key_path`, is made when it is not there, and is read by
  // its owner alone.
  static Result<std::unique_ptr<Redaction>> open(store::RedactionControl& control,
                                                 const std::string& key_path, Counters& counters);
  // Without rules until refresh().
  Redaction(store::RedactionControl& control, std::string key, Counters& counters)
      : control_(control), key_(std::move(key)), counters_(counters), current_(compile({})) {}
  // After a change; from one thread at a time.
  Result<void> refresh();
  std::shared_ptr<const Redactor> current() const;
  // With other rules than those that hold, to try them.
  std::shared_ptr<const Redactor> compile(const std::vector<store::RedactionRule>& rules) const;

  void apply(model::Batch& batch) const;

 private:
  store::RedactionControl& control_;
  const std::string key_;
  Counters& counters_;
  mutable std::mutex mutex_;  // guards the pointer
  std::shared_ptr<const Redactor> current_;
};

}  // namespace catalejo::pipeline
