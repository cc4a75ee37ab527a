#include "detect/redact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/glob.hpp"
#include "codec/digest.hpp"

namespace catalejo::detect {
namespace {

constexpr std::size_t kHashDigits = 16;
constexpr std::array<std::string_view, 4> kActionNames = {"keep", "mask", "hash", "drop"};

// "4111 1111…" and "4111-1111…" are one number.
std::string plain_of(std::string_view found) {
  std::string plain;
  for (const char c : found) {
    if (std::string_view(" -./()\n\t").find(c) != std::string_view::npos) continue;
    plain += lower_ascii(c);
  }
  return plain;
}

}  // namespace

std::string_view redact_action_name(RedactAction action) {
  return kActionNames.at(static_cast<std::size_t>(action));
}

std::optional<RedactAction> redact_action_of(std::string_view name) {
  const auto* found = std::ranges::find(kActionNames, name);
  if (found == kActionNames.end()) return std::nullopt;
  return static_cast<RedactAction>(found - kActionNames.begin());
}

bool is_pattern_name(std::string_view name) {
  constexpr std::size_t kBytesMax = 40;
  return !name.empty() && name.size() <= kBytesMax &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

bool look_for(std::string_view target, ScannerOptions& options) {
  bool known = target == "pii" || target == "secrets";
  options.pii = options.pii || target == "pii";
  options.secrets = options.secrets || target == "secrets";
  for (const auto& [name, kind] : built_in_rules()) {
    if (name != target) continue;
    (kind == Class::pii ? options.pii : options.secrets) = true;
    known = true;
  }
  return known;
}

void RedactWork::clear() {
  flat.clear();
  findings.clear();
  edits.clear();
  struck.clear();
}

std::string edited(std::string_view text, std::vector<RedactWork::Edit>& edits) {
  using Edit = RedactWork::Edit;
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    if (edit.begin < at) continue;
    out.append(text.substr(at, edit.begin - at)).append(edit.text);
    at = edit.end;
  }
  return out.append(text.substr(at));
}

RedactRules::RedactRules(std::vector<RedactRule> rules, ScannerOptions options, std::string key)
    : rules_(std::move(rules)),
      key_(std::move(key)),
      scanner_(std::make_unique<Scanner>(std::move(options))) {}

// Of all rules about a finding the narrowest counts: about just this kind before a whole class,
// then of a named application before all, then the newer one.
RedactAction RedactRules::action_for(const Finding& finding, std::string_view app,
                                     std::string_view service) const {
  const std::string_view of_class = finding.kind == Class::pii      ? "pii"
                                    : finding.kind == Class::secret ? "secrets"
                                                                    : "";
  RedactAction action = RedactAction::keep;
  int best = -1;
  for (const RedactRule& rule : rules_) {
    const bool exact = rule.target == finding.rule;
    if (!exact && rule.target != of_class) continue;
    if (!fits_glob(rule.app, app) && !fits_glob(rule.app, service)) continue;
    const int narrow = (exact ? 2 : 0) + (rule.app == "*" ? 0 : 1);
    if (narrow < best) continue;
    best = narrow;
    action = rule.action;
  }
  return action;
}

std::string RedactRules::replacement(std::string_view rule, RedactAction action,
                                     std::string_view found) const {
  std::string words(rule);
  std::replace(words.begin(), words.end(), '_', ' ');
  if (action != RedactAction::hash) return fmt::format("[{}]", words);
  return fmt::format("[{}:{}]", words,
                     codec::hmac_sha256_hex(key_, plain_of(found)).substr(0, kHashDigits));
}

void RedactRules::find(RedactWork& work, std::string_view app, std::string_view service,
                       const See& see) const {
  scanner_->find_flat(work.flat.text(), work.findings);
  for (const Finding& finding : work.findings) {
    const RedactAction action = action_for(finding, app, service);
    if (action == RedactAction::keep && !see) continue;
    work.places.clear();
    work.flat.locate(finding.begin, finding.end, work.places);
    if (see)
      for (const Place& place : work.places) see(place, finding.rule, action);
    if (action == RedactAction::keep) continue;
    const std::string_view found =
        work.flat.text().substr(finding.begin, finding.end - finding.begin);
    const std::string text = replacement(finding.rule, action, found);
    for (const Place& place : work.places) {
      const bool whole = action == RedactAction::drop || place.number;
      work.edits[place.field].push_back({whole ? place.whole_begin : place.begin,
                                         whole ? place.whole_end : place.end,
                                         place.number ? '"' + text + '"' : text});
    }
    ++work.struck[std::string(finding.rule)];
  }
}

}  // namespace catalejo::detect
