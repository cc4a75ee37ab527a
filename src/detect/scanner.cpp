#include "detect/scanner.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/limits.hpp"
#include "detect/flat_text.hpp"
#include "detect/secrets/secrets.hpp"

namespace catalejo::detect {
namespace {

re2::RE2::Options pattern_options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(static_cast<std::int64_t>(limits::own_pattern_memory_max));
  return options;
}

// Own patterns tell most, personal data least.
int rank(Class kind) {
  return kind == Class::own ? 0 : kind == Class::secret ? 1 : 2;
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Formats are of bytes, and the most that one takes may end inside a character: all of it counts.
void take_whole_characters(std::string_view text, Finding& finding) {
  while (finding.begin > 0 && continues_character(text[finding.begin])) --finding.begin;
  while (finding.end < text.size() && continues_character(text[finding.end])) ++finding.end;
}

}  // namespace

struct Scanner::Own {
  explicit Own(const OwnPattern& pattern)
      : name(pattern.name), regex(pattern.pattern, pattern_options()) {}

  void find(std::string_view text, std::vector<Finding>& findings) const {
    const re2::StringPiece all(text.data(), text.size());
    const int wanted = regex.NumberOfCapturingGroups() > 0 ? 2 : 1;
    re2::StringPiece groups[2];
    for (std::size_t at = 0; at < text.size();) {
      if (!regex.Match(all, at, all.size(), re2::RE2::UNANCHORED, groups, wanted)) return;
      const re2::StringPiece found = groups[wanted - 1].empty() ? groups[0] : groups[wanted - 1];
      const auto begin = static_cast<std::size_t>(found.data() - text.data());
      if (!found.empty())
        findings.push_back({static_cast<std::uint32_t>(begin),
                            static_cast<std::uint32_t>(begin + found.size()), name, Class::own});
      const auto end = static_cast<std::size_t>(groups[0].data() - text.data()) + groups[0].size();
      at = std::max(end, at + 1);
    }
  }

  std::string name;
  re2::RE2 regex;
};

Result<void> check_pattern(const OwnPattern& pattern) {
  if (pattern.pattern.empty()) return Error{Code::bad_request, "is empty", "pattern"};
  if (pattern.pattern.size() > limits::own_pattern_bytes_max)
    return Error{Code::bad_request, fmt::format("at most {} bytes", limits::own_pattern_bytes_max),
                 "pattern"};
  const re2::RE2 regex(pattern.pattern, pattern_options());
  if (!regex.ok()) return Error{Code::bad_request, regex.error(), "pattern"};
  if (regex.NumberOfCapturingGroups() > 1)
    return Error{Code::bad_request, "at most one group; write (?:…) for the others", "pattern"};
  if (re2::RE2::FullMatch("", regex))
    return Error{Code::bad_request, "fits an empty text", "pattern"};
  return {};
}

Scanner::Scanner(ScannerOptions options) : options_(std::move(options)) {
  for (const OwnPattern& pattern : options_.own)
    if (check_pattern(pattern)) own_.push_back(std::make_unique<Own>(pattern));
}

Scanner::~Scanner() = default;

void Scanner::find_flat(std::string_view flat, std::vector<Finding>& findings) const {
  const std::size_t first = findings.size();
  for (const auto& own : own_) own->find(flat, findings);
  if (options_.secrets) secrets::find(flat, findings);
  if (options_.pii) pii::find(flat, options_.pii_options, findings);
  const auto begin = findings.begin() + static_cast<std::ptrdiff_t>(first);
  std::for_each(begin, findings.end(), [&](Finding& one) { take_whole_characters(flat, one); });
  if (findings.end() - begin < 2) return;
  std::vector<Finding> kept;
  std::stable_sort(begin, findings.end(),
                   [](const Finding& a, const Finding& b) { return a.begin < b.begin; });
  for (auto it = begin; it != findings.end(); ++it) {
    if (kept.empty() || it->begin >= kept.back().end) {
      kept.push_back(*it);
      continue;
    }
    // Both are cut out; the more telling name is kept.
    Finding& last = kept.back();
    if (rank(it->kind) < rank(last.kind)) {
      last.rule = it->rule;
      last.kind = it->kind;
    }
    last.end = std::max(last.end, it->end);
  }
  findings.erase(begin, findings.end());
  findings.insert(findings.end(), kept.begin(), kept.end());
}

std::vector<Finding> Scanner::find(std::string_view text) const {
  FlatText flat;
  flat.add_text(0, text);
  std::vector<Finding> findings;
  find_flat(flat.text(), findings);
  std::vector<Place> places;
  for (Finding& finding : findings) {
    places.clear();
    flat.locate(finding.begin, finding.end, places);
    if (places.empty()) continue;
    finding.begin = places.front().begin;
    finding.end = places.back().end;
  }
  return findings;
}

std::vector<std::pair<std::string_view, Class>> built_in_rules() {
  std::vector<std::pair<std::string_view, Class>> rules;
  for (const std::string_view name : pii::rule_names()) rules.emplace_back(name, Class::pii);
  for (const std::string_view name : secrets::rule_names()) rules.emplace_back(name, Class::secret);
  return rules;
}

}  // namespace catalejo::detect
