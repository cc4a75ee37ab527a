// Rules as phrases. A rule is a regular expression for folded text with two signs of its own: a
// blank is whatever stands between two words, and `~` the same with up to three words more.
// Phrases match at word boundaries.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/patterns.hpp"

namespace catalejo::evaluate {

struct PhraseHit {
  std::uint32_t rule;  // its index
  std::uint32_t end;
};

// Compiled once per rule set, scanned by everybody. One pass proposes: it finds the pieces between
// the `~` of all rules (whole rules would take Hyperscan a minute to compile); pieces that follow
// each other closely are confirmed by RE2. Both are linear.
class PhraseSet {
 public:
  // `expressions` have none of the two signs and no word boundaries of their own.
  enum class Syntax : std::uint8_t { phrases, expressions };
  explicit PhraseSet(std::span<const std::string_view> phrases, Syntax syntax = Syntax::phrases);
  ~PhraseSet();
  PhraseSet(PhraseSet&&) noexcept;

  // Of each rule the first places, at most `per_rule`, by end.
  std::vector<PhraseHit> find(std::string_view folded, std::size_t per_rule = 1) const;
  // Where what ends there begins. For what is shown: it is searched again, for one rule.
  std::uint32_t begin_of(std::string_view folded, const PhraseHit& hit) const;

 private:
  struct Rules;
  std::unique_ptr<Rules> rules_;
};

}  // namespace catalejo::evaluate
