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

bool confirms(const RE2& whole, std::string_view folded, std::uint32_t end) {
  const std::uint32_t from = end > kPhraseBytesMax ? end - kPhraseBytesMax : 0;
  const std::size_t to = std::min<std::size_t>(end + 1, folded.size());
  return RE2::PartialMatch(re2::StringPiece(folded.data() + from, to - from), whole);
}

}  // namespace

struct PhraseSet::Rules {
  struct Piece {
    std::uint32_t form, index;
    std::uint32_t reach;  // how far behind the end of the piece before it may end
  };
  // A rule, or one of its forms where it is "this~so|or~so".
  struct Form {
    std::uint32_t rule, pieces = 0;
    std::unique_ptr<RE2> whole;  // of more than one piece
  };
  std::vector<Piece> pieces;
  std::vector<Form> forms;
  std::vector<std::string> patterns;  // of each rule
  std::unique_ptr<detect::PatternSet> set;

  void add(std::string_view phrase, std::vector<std::string>& texts) {
    const auto rule = static_cast<std::uint32_t>(patterns.size());
    patterns.push_back(bounded(phrase));
    for (const std::string_view form : cut_at('|', phrase)) add_form(rule, form, texts);
  }

  void add_form(std::uint32_t rule, std::string_view phrase, std::vector<std::string>& texts) {
    Form form{rule, 0, nullptr};
    const auto number = static_cast<std::uint32_t>(forms.size());
    const std::vector<std::string_view> parts = cut_at('~', phrase);
    std::uint32_t reach = kPieceBytesMax;
    for (const std::string_view part : parts) {
      if (is_optional(part) && parts.size() > 1) {
        reach += kPieceBytesMax / 2;
        continue;
      }
      texts.push_back(bounded(part));
      pieces.push_back({number, form.pieces++, reach});
      reach = kPieceBytesMax;
    }
    if (parts.size() > 1) {
      form.whole = std::make_unique<RE2>("(?s)" + bounded(phrase), RE2::Quiet);
      if (!form.whole->ok()) throw std::logic_error(form.whole->error());
    }
    forms.push_back(std::move(form));
  }

  void add_expression(std::string_view expression, std::vector<std::string>& texts) {
    pieces.push_back({static_cast<std::uint32_t>(forms.size()), 0, kPieceBytesMax});
    forms.push_back({static_cast<std::uint32_t>(patterns.size()), 1, nullptr});
    patterns.emplace_back(expression);
    texts.emplace_back(expression);
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
  rules_->set = std::make_unique<detect::PatternSet>(texts);
}

PhraseSet::~PhraseSet() = default;
PhraseSet::PhraseSet(PhraseSet&&) noexcept = default;

std::vector<PhraseHit> PhraseSet::find(std::string_view folded, std::size_t per_rule) const {
  struct Progress {
    std::array<std::uint32_t, 8> ends{};  // of each piece, the last that continued the one before
    int confirmations = 0;
  };
  struct Found {
    std::size_t count = 0;
    std::uint32_t last = 0;
  };
  constexpr std::uint32_t kSamePlace = 12;  // what ends again this soon is the same, longer
  std::vector<detect::PatternSet::Hit> hits;
  rules_->set->scan(folded, hits);
  std::vector<PhraseHit> all;
  if (hits.empty()) return all;
  // Hyperscan tells them in the order that suits it.
  std::ranges::stable_sort(hits, {}, &detect::PatternSet::Hit::end);
  std::vector<Progress> progress(rules_->forms.size());
  std::vector<Found> found(rules_->patterns.size());
  for (const auto& hit : hits) {
    const Rules::Piece& piece = rules_->pieces[hit.pattern];
    const Rules::Form& form = rules_->forms[piece.form];
    Progress& now = progress[piece.form];
    if (piece.index > 0) {
      const std::uint32_t before = now.ends[piece.index - 1];
      if (before == 0 || hit.end <= before || hit.end - before > piece.reach) continue;
    }
    now.ends[piece.index] = hit.end;
    Found& rule = found[form.rule];
    if (piece.index + 1 < form.pieces || rule.count >= per_rule) continue;
    if (rule.count > 0 && hit.end < rule.last + kSamePlace) continue;
    if (form.whole != nullptr) {
      if (++now.confirmations > kConfirmationsMax) continue;
      if (!confirms(*form.whole, folded, hit.end)) continue;
    }
    ++rule.count;
    rule.last = hit.end;
    all.push_back({form.rule, hit.end});
  }
  return all;
}

std::uint32_t PhraseSet::begin_of(std::string_view folded, const PhraseHit& hit) const {
  const std::uint32_t from = hit.end > kPhraseBytesMax ? hit.end - kPhraseBytesMax : 0;
  const RE2 pattern("(?s)(" + rules_->patterns[hit.rule] + ")$", RE2::Quiet);
  const re2::StringPiece whole(folded.data() + from, hit.end - from);
  re2::StringPiece part;
  if (!pattern.ok() || !RE2::PartialMatch(whole, pattern, &part)) return from;
  return from + static_cast<std::uint32_t>(part.data() - whole.data());
}

}  // namespace catalejo::evaluate
