// Rules as phrases. A rule is a regular expression for folded text with two signs of its own: a
// blank is whatever stands between two words, and `~` the same with up to three words more.
// Phrases match at word boundaries.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::evaluate {

struct PhraseHit {
  std::uint32_t rule;  // its index
  std::uint32_t begin, end;
};

// Compiled once per rule set, scanned by everybody. One pass finds the words that rules need (RE2
// names them, Hyperscan finds them); only rules whose words are all there are tried. Both are
// linear.
class PhraseSet {
 public:
  // `expressions` have none of the two signs and no word boundaries of their own.
  enum class Syntax : std::uint8_t { phrases, expressions };
  explicit PhraseSet(std::span<const std::string_view> phrases, Syntax syntax = Syntax::phrases);
  ~PhraseSet();
  PhraseSet(PhraseSet&&) noexcept;

  // Of each rule the first places, at most `per_rule`, in the order of the rules. Others than the
  // `wanted` ones are not tried.
  std::vector<PhraseHit> find(std::string_view folded, std::size_t per_rule = 1,
                              const std::function<bool(std::uint32_t)>& wanted = {}) const;
  bool finds(std::string_view folded) const { return !find(folded).empty(); }

 private:
  struct Rules;
  std::unique_ptr<Rules> rules_;
};

// The set of one rule.
inline PhraseSet phrase_of(std::string_view text,
                           PhraseSet::Syntax syntax = PhraseSet::Syntax::phrases) {
  return PhraseSet({&text, 1}, syntax);
}

// The set of what each rule has in its field `text`, by the place of the rule.
template <std::ranges::sized_range Rules, typename Rule>
PhraseSet phrases_of(const Rules& rules, std::string_view Rule::*text,
                     PhraseSet::Syntax syntax = PhraseSet::Syntax::phrases) {
  std::vector<std::string_view> texts;
  texts.reserve(std::ranges::size(rules));
  for (const Rule& rule : rules) texts.push_back(rule.*text);
  return PhraseSet(texts, syntax);
}

}  // namespace catalejo::evaluate
