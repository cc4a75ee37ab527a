#include "evaluate/text/phrases.hpp"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <stdexcept>

#include "detect/keyword_scan.hpp"

namespace catalejo::evaluate {
namespace {

constexpr std::string_view kGap = "(?:[^a-z0-9]{1,4})";
constexpr std::string_view kWideGap = "(?:[^a-z0-9]{1,3}[a-z0-9'-]+){0,3}[^a-z0-9]{1,4}";
// Without `~`: one piece. The pieces' order is the rule's.
std::string expand(std::string_view phrase) {
  std::string pattern;
  bool in_class = false;
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    const char c = phrase[i];
    if (c == '\\' && i + 1 < phrase.size()) {
      pattern += c;
      pattern += phrase[++i];
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    if (c == ' ' && !in_class)
      pattern += kGap;
    else if (c == '~' && !in_class)
      pattern += kWideGap;
    else if (c == '(' && !in_class && (i + 1 == phrase.size() || phrase[i + 1] != '?'))
      pattern += "(?:";
    else
      pattern += c;
  }
  return pattern;
}

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

// Cuts at each `sign` outside brackets.
std::vector<std::string_view> cut_at(char sign, std::string_view phrase) {
  std::vector<std::string_view> pieces;
  int depth = 0;
  bool in_class = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    if (phrase[i] == '\\') {
      ++i;
      continue;
    }
    if (phrase[i] == '[') in_class = true;
    if (phrase[i] == ']') in_class = false;
    if (in_class) continue;
    depth += phrase[i] == '(' ? 1 : phrase[i] == ')' ? -1 : 0;
    if (phrase[i] != sign || depth > 0) continue;
    pieces.push_back(phrase.substr(begin, i - begin));
    begin = i + 1;
  }
  pieces.push_back(phrase.substr(begin));
  return pieces;
}

// "(…)?" as a whole.
bool is_optional(std::string_view piece) {
  if (!piece.starts_with('(') || !piece.ends_with(")?")) return false;
  int depth = 0;
  for (std::size_t i = 0; i + 2 < piece.size(); ++i) {
    depth += piece[i] == '(' ? 1 : piece[i] == ')' ? -1 : 0;
    if (depth == 0) return false;
  }
  return true;
}

// With gaps between the pieces; one that may be missing takes its gap with it.
std::string joined(const std::vector<std::string_view>& pieces) {
  std::string pattern = expand(pieces[0]);
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const bool optional = is_optional(pieces[i]);
    if (optional) pattern += "(?:";
    pattern += kWideGap;
    pattern += expand(optional ? pieces[i].substr(0, pieces[i].size() - 1) : pieces[i]);
    if (optional) pattern += ")?";
  }
  return pattern;
}

// At word boundaries, or at the start of the text.
std::string bounded(std::string_view phrase) {
  const bool at_start = phrase.starts_with('^');
  if (at_start) phrase.remove_prefix(1);
  const char first = phrase.empty() ? ' ' : phrase.front();
  const char last = phrase.empty() ? ' ' : phrase.back();
  const bool word_first = is_letter(first) || first == '(';
  const bool word_last = is_letter(last) || last == ')' || last == '?';
  return std::string(at_start     ? "^(?:"
                     : word_first ? "\\b(?:"
                                  : "(?:") +
         joined(cut_at('~', phrase)) + (word_last ? ")\\b" : ")");
}

}  // namespace

struct PhraseSet::Rules {
  // Shorter words are in every text.
  static constexpr int kWordBytesMin = 3;
  re2::FilteredRE2 expressions{kWordBytesMin};
  std::size_t word_count = 0;
  std::unique_ptr<detect::KeywordScan> words;  // that expressions need

  // Each word that the text holds, once.
  std::vector<int> words_in(std::string_view text) const {
    std::vector<int> found;
    std::vector<bool> seen(word_count);
    if (words == nullptr) return found;
    words->run(text, [&](std::size_t word, std::size_t) {
      if (!seen[word]) found.push_back(static_cast<int>(word));
      seen[word] = true;
    });
    return found;
  }
};

PhraseSet::PhraseSet(std::span<const std::string_view> phrases, Syntax syntax)
    : rules_(std::make_unique<Rules>()) {
  RE2::Options options(RE2::Quiet);
  options.set_dot_nl(true);
  options.set_encoding(RE2::Options::EncodingLatin1);  // bytes: what is folded is ASCII mostly
  for (const std::string_view phrase : phrases) {
    int number = 0;
    const std::string expression =
        syntax == Syntax::phrases ? bounded(phrase) : std::string(phrase);
    if (rules_->expressions.Add(expression, options, &number) != RE2::NoError)
      throw std::logic_error("no expression: " + expression);
  }
  std::vector<std::string> words;
  rules_->expressions.Compile(&words);
  rules_->word_count = words.size();
  if (!words.empty())
    rules_->words =
        std::make_unique<detect::KeywordScan>(words, std::vector<bool>(words.size(), false));
}

PhraseSet::~PhraseSet() = default;
PhraseSet::PhraseSet(PhraseSet&&) noexcept = default;

std::vector<PhraseHit> PhraseSet::find(std::string_view folded, std::size_t per_rule,
                                       const std::function<bool(std::uint32_t)>& wanted) const {
  std::vector<int> rules;
  rules_->expressions.AllPotentials(rules_->words_in(folded), &rules);
  std::vector<PhraseHit> found;
  const re2::StringPiece text(folded.data(), folded.size());
  for (const int rule : rules) {
    if (wanted && !wanted(static_cast<std::uint32_t>(rule))) continue;
    const RE2& expression = rules_->expressions.GetRE2(rule);
    std::size_t from = 0;
    for (std::size_t i = 0; i < per_rule && from <= folded.size(); ++i) {
      re2::StringPiece place;
      if (!expression.Match(text, from, folded.size(), RE2::UNANCHORED, &place, 1)) break;
      const auto begin = static_cast<std::size_t>(place.data() - folded.data());
      const std::size_t end = begin + place.size();
      found.push_back({static_cast<std::uint32_t>(rule), static_cast<std::uint32_t>(begin),
                       static_cast<std::uint32_t>(end)});
      from = std::max(end, begin + 1);
    }
  }
  return found;
}

}  // namespace catalejo::evaluate
