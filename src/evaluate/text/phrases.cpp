#include "evaluate/text/phrases.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace catalejo::evaluate {
namespace {

constexpr std::string_view kGap = "(?:[^a-z0-9]{1,4})";
constexpr std::string_view kWideGap = "(?:[^a-z0-9]{1,3}[a-z0-9'-]+){0,3}[^a-z0-9]{1,4}";
// From the end of one piece to the end of the next: three words and the piece itself.
constexpr std::uint32_t kPieceBytesMax = 120;
constexpr std::uint32_t kPhraseBytesMax = 400;
constexpr int kConfirmationsMax = 8;  // of one rule in one text

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

// Cuts at each `~` outside brackets.
std::vector<std::string_view> pieces_of(std::string_view phrase) {
  std::vector<std::string_view> pieces;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    if (phrase[i] == '\\') {
      ++i;
      continue;
    }
    if (phrase[i] == '(' || phrase[i] == '[') ++depth;
    if (phrase[i] == ')' || phrase[i] == ']') --depth;
    if (phrase[i] != '~' || depth > 0) continue;
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
         joined(pieces_of(phrase)) + (word_last ? ")\\b" : ")");
}

}  // namespace

struct PhraseSet::Rules {
  struct Piece {
    std::uint32_t rule, index;
    std::uint32_t reach;  // how far behind the end of the piece before it may end
  };
  struct Rule {
    std::uint32_t pieces = 0;
    std::unique_ptr<RE2> whole;  // of more than one piece
    std::string pattern;
  };
  std::vector<Piece> pieces;
  std::vector<Rule> rules;
  std::unique_ptr<detect::PatternSet> patterns;

  void add(std::string_view phrase, std::vector<std::string>& texts) {
    Rule rule;
    const auto number = static_cast<std::uint32_t>(rules.size());
    rule.pattern = bounded(phrase);
    const std::vector<std::string_view> parts = pieces_of(phrase);
    std::uint32_t reach = kPieceBytesMax;
    for (const std::string_view part : parts) {
      if (is_optional(part) && parts.size() > 1) {
        reach += kPieceBytesMax / 2;
        continue;
      }
      texts.push_back(bounded(part));
      pieces.push_back({number, rule.pieces++, reach});
      reach = kPieceBytesMax;
    }
    if (parts.size() > 1) {
      rule.whole = std::make_unique<RE2>("(?s)" + rule.pattern, RE2::Quiet);
      if (!rule.whole->ok()) throw std::logic_error(rule.whole->error() + ": " + rule.pattern);
    }
    rules.push_back(std::move(rule));
  }

  void add_expression(std::string_view expression, std::vector<std::string>& texts) {
    const auto number = static_cast<std::uint32_t>(rules.size());
    texts.emplace_back(expression);
    pieces.push_back({number, 0, kPieceBytesMax});
    rules.push_back({1, nullptr, std::string(expression)});
  }
};

PhraseSet::PhraseSet(std::span<const std::string_view> phrases, Syntax syntax)
    : rules_(std::make_unique<Rules>()) {
  std::vector<std::string> texts;
  for (const std::string_view phrase : phrases) {
    if (syntax == Syntax::phrases)
      rules_->add(phrase, texts);
    else
      rules_->add_expression(phrase, texts);
  }
  rules_->patterns = std::make_unique<detect::PatternSet>(texts);
}

PhraseSet::~PhraseSet() = default;
PhraseSet::PhraseSet(PhraseSet&&) noexcept = default;

std::vector<PhraseHit> PhraseSet::find(std::string_view folded, std::size_t per_rule) const {
  struct Progress {
    std::array<std::uint32_t, 8> ends{};  // of each piece, the last that continued the one before
    std::size_t found = 0;
    std::uint32_t last = 0;
    int confirmations = 0;
  };
  constexpr std::uint32_t kSamePlace = 12;  // what ends again this soon is the same, longer
  std::vector<detect::PatternSet::Hit> hits;
  rules_->patterns->scan(folded, hits);
  std::vector<PhraseHit> found;
  if (hits.empty()) return found;
  // Hyperscan tells them in the order that suits it.
  std::ranges::stable_sort(hits, {}, &detect::PatternSet::Hit::end);
  std::vector<Progress> progress(rules_->rules.size());
  for (const auto& hit : hits) {
    const Rules::Piece& piece = rules_->pieces[hit.pattern];
    const Rules::Rule& rule = rules_->rules[piece.rule];
    Progress& now = progress[piece.rule];
    if (piece.index > 0) {
      const std::uint32_t before = now.ends[piece.index - 1];
      if (before == 0 || hit.end <= before || hit.end - before > piece.reach) continue;
    }
    now.ends[piece.index] = hit.end;
    if (piece.index + 1 < rule.pieces || now.found >= per_rule) continue;
    if (now.found > 0 && hit.end < now.last + kSamePlace) continue;
    if (rule.whole != nullptr) {
      if (++now.confirmations > kConfirmationsMax) continue;
      const std::uint32_t from = hit.end > kPhraseBytesMax ? hit.end - kPhraseBytesMax : 0;
      const std::size_t to = std::min<std::size_t>(hit.end + 1, folded.size());
      if (!RE2::PartialMatch(re2::StringPiece(folded.data() + from, to - from), *rule.whole))
        continue;
    }
    ++now.found;
    now.last = hit.end;
    found.push_back({piece.rule, hit.end});
  }
  return found;
}

std::uint32_t PhraseSet::begin_of(std::string_view folded, const PhraseHit& hit) const {
  const std::uint32_t from = hit.end > kPhraseBytesMax ? hit.end - kPhraseBytesMax : 0;
  const RE2 pattern("(?s)(" + rules_->rules[hit.rule].pattern + ")$", RE2::Quiet);
  const re2::StringPiece whole(folded.data() + from, hit.end - from);
  re2::StringPiece part;
  if (!pattern.ok() || !RE2::PartialMatch(whole, pattern, &part)) return from;
  return from + static_cast<std::uint32_t>(part.data() - whole.data());
}

}  // namespace catalejo::evaluate
