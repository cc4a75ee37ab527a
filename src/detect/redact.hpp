// What is done with what was found: rules with their actions, and the texts without it. The server
// redacts with it before anything is stored (pipeline/), the tracer before anything leaves its
// process (python/redact/).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/finding.hpp"
#include "detect/flat_text.hpp"
#include "detect/scanner.hpp"

namespace catalejo::detect {

// Before the name of a rule: the tag that says how often it struck in a span.
inline constexpr std::string_view kRedactedTag = "redacted.";

enum class RedactAction : std::uint8_t {
  keep,  // is left as it is: an exception from a wider rule
  mask,  // "[card number]"
  hash,  // "[card number:0f3c…]", the same for the same value: it can still be searched for
  drop,  // the whole text it is in goes
};

std::string_view redact_action_name(RedactAction action);  // "keep", "mask", "hash", "drop"
std::optional<RedactAction> redact_action_of(std::string_view name);

// Of an own pattern: what stands for what it fits, "employee_number".
bool is_pattern_name(std::string_view name);

// Makes the scanner look for what a rule is about: "pii", "secrets" or a built-in rule. False when
// the target is none of them.
bool look_for(std::string_view target, ScannerOptions& options);

struct RedactRule {
  std::string app;     // "*": of every application; stars stand for anything
  std::string target;  // "pii", "secrets", or the name of a built-in rule or an own pattern
  RedactAction action = RedactAction::mask;
};

// What the texts of one span are worked on with; kept from span to span for its memory.
struct RedactWork {
  struct Edit {
    std::uint32_t begin, end;
    std::string text;
  };
  FlatText flat;
  std::vector<Finding> findings;
  std::vector<Place> places;
  std::map<std::uint32_t, std::vector<Edit>> edits;  // by field
  std::map<std::string, std::uint64_t> struck;       // by rule

  void clear();
};

// `edits` in any order; of those that overlap the first in the text and then the longest counts.
std::string edited(std::string_view text, std::vector<RedactWork::Edit>& edits);

// The rules of one moment; immutable, from any thread.
class RedactRules {
 public:
  // Later rules are newer. `key` is what hashes are keyed with.
  RedactRules(std::vector<RedactRule> rules, ScannerOptions options, std::string key);

  bool empty() const { return rules_.empty(); }
  // From the flat text of `work` to its edits. `see` is told of everything that was found, also of
  // what is kept.
  using See = std::function<void(const Place&, std::string_view rule, RedactAction)>;
  void find(RedactWork& work, std::string_view app, std::string_view service,
            const See& see = {}) const;

 private:
  RedactAction action_for(const Finding& finding, std::string_view app,
                          std::string_view service) const;
  std::string replacement(std::string_view rule, RedactAction action, std::string_view found) const;

  std::vector<RedactRule> rules_;
  std::string key_;
  std::unique_ptr<Scanner> scanner_;
};

}  // namespace catalejo::detect
