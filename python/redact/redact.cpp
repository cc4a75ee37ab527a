// src/detect behind redact.h. Nothing leaves it by an exception, and nothing of it ends the process
// of an application.
#include "redact.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "detect/redact.hpp"

namespace catalejo {

// In the server's programs this is the end; here it is a reason not to go on without redaction.
void invariant_failed(const char* expression, const char*, int) {
  throw std::runtime_error(std::string("broken invariant ") + expression);
}

}  // namespace catalejo

using catalejo::detect::OwnPattern;
using catalejo::detect::RedactAction;
using catalejo::detect::RedactRule;
using catalejo::detect::RedactRules;
using catalejo::detect::RedactWork;
using catalejo::detect::ScannerOptions;

struct catalejo_redact {
  RedactRules rules;
  RedactWork work = {};
  std::vector<std::string> changed = {};
  std::vector<catalejo_redact_struck> struck = {};
};

namespace {

constexpr std::size_t kKeyBytes = 32;  // as the server's

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

std::string quoted(std::string_view text) {
  return '"' + std::string(text.substr(0, 40)) + '"';
}

// A name is one thing only.
void check_own(const OwnPattern& own) {
  ScannerOptions options;
  const std::string variable = "CATALEJO_REDACT_PATTERN_" + own.name;
  if (!catalejo::detect::is_pattern_name(own.name))
    throw std::runtime_error(variable + ": a name has 1 to 40 letters, digits and _");
  if (own.name == "all" || catalejo::detect::look_for(own.name, options))
    throw std::runtime_error(variable + ": there is a rule of this name already");
  const auto good = catalejo::detect::check_pattern(own);
  if (!good) throw std::runtime_error(variable + ": " + good.error().message);
}

// "employee_number=EMP-\\d{6}", one a line.
std::vector<OwnPattern> patterns_of(std::string_view text) {
  std::vector<OwnPattern> patterns;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = std::min(line.find('='), line.size());
    patterns.push_back({std::string(line.substr(0, equals)),
                        std::string(line.substr(std::min(equals + 1, line.size())))});
    check_own(patterns.back());
  }
  return patterns;
}

bool is_known(std::string_view target, ScannerOptions& options) {
  return catalejo::detect::look_for(target, options) ||
         std::any_of(options.own.begin(), options.own.end(),
                     [&](const OwnPattern& own) { return own.name == target; });
}

// "pii,secrets:drop,email:hash": a target, and what is done with it; mask when nothing is said.
std::vector<RedactRule> rules_of(std::string_view text, ScannerOptions& options) {
  std::vector<RedactRule> rules;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view entry = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (entry.empty()) continue;
    const std::size_t colon = std::min(entry.find(':'), entry.size());
    const std::string_view target = trimmed(entry.substr(0, colon));
    const std::string_view name = colon == entry.size() ? "mask" : trimmed(entry.substr(colon + 1));
    const std::optional<RedactAction> action = catalejo::detect::redact_action_of(name);
    if (!action)
      throw std::runtime_error(quoted(name) + " is no action; there are mask, hash, drop and keep");
    for (const std::string_view one : {"pii", "secrets"})
      if (target == "all") rules.push_back({"*", std::string(one), *action});
    if (target != "all") rules.push_back({"*", std::string(target), *action});
    for (const RedactRule& rule : rules) {
      if (!is_known(rule.target, options))
        throw std::runtime_error(quoted(target) +
                                 " is no rule; there are pii, secrets, all, the names of single "
                                 "ones, such as card_number, and of own patterns");
    }
  }
  const bool any = std::any_of(rules.begin(), rules.end(), [](const RedactRule& rule) {
    return rule.action != RedactAction::keep;
  });
  if (!any) throw std::runtime_error("it names no rule; write pii,secrets, for example");
  return rules;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string key_of(std::string_view hex) {
  std::string key;
  bool whole = hex.size() == 2 * kKeyBytes;
  for (std::size_t at = 0; whole && at < hex.size(); at += 2) {
    const int high = digit_of(hex[at]), low = digit_of(hex[at + 1]);
    whole = high >= 0 && low >= 0;
    key += static_cast<char>(high * 16 + low);
  }
  if (!whole)
    throw std::runtime_error(
        "CATALEJO_REDACT_KEY must have 64 hex digits, which hash "
        "needs; openssl rand -hex 32 makes some");
  return key;
}

catalejo_redact* open(std::string_view text, std::string_view patterns, std::string_view hex) {
  ScannerOptions options{.pii = false, .secrets = false};
  options.own = patterns_of(patterns);
  std::vector<RedactRule> rules = rules_of(text, options);
  const bool hashes = std::any_of(rules.begin(), rules.end(), [](const RedactRule& rule) {
    return rule.action == RedactAction::hash;
  });
  std::string key = hashes ? key_of(hex) : std::string();
  auto* redact = new catalejo_redact{{std::move(rules), std::move(options), std::move(key)}};
  // All that is made when it is first used is made now.
  RedactWork& work = redact->work;
  work.flat.add_text(0, "password=");
  redact->rules.find(work, {}, {});
  return redact;
}

int apply(catalejo_redact& redact, catalejo_redact_text* texts, std::size_t count) {
  RedactWork& work = redact.work;
  work.clear();
  for (std::size_t at = 0; at < count; ++at)
    work.flat.add_json(static_cast<std::uint32_t>(at), {texts[at].data, texts[at].size});
  redact.rules.find(work, {}, {});
  redact.changed.clear();
  redact.changed.reserve(work.edits.size());
  for (auto& [field, edits] : work.edits) {
    catalejo_redact_text& text = texts[field];
    redact.changed.push_back(catalejo::detect::edited({text.data, text.size}, edits));
    text = {redact.changed.back().data(), redact.changed.back().size()};
  }
  redact.struck.clear();
  for (const auto& [rule, times] : work.struck) redact.struck.push_back({rule.c_str(), times});
  return static_cast<int>(redact.struck.size());
}

}  // namespace

catalejo_redact* catalejo_redact_open(const char* rules, const char* patterns, const char* key,
                                      char* error, size_t error_size) {
  try {
    return open(rules, patterns, key);
  } catch (const std::exception& failure) {
    std::snprintf(error, error_size, "%s", failure.what());
  } catch (...) {
    std::snprintf(error, error_size, "it failed");
  }
  return nullptr;
}

int catalejo_redact_apply(catalejo_redact* redact, catalejo_redact_text* texts, size_t count,
                          const catalejo_redact_struck** struck) {
  try {
    const int rules = apply(*redact, texts, count);
    *struck = redact->struck.data();
    return rules;
  } catch (...) {
    return -1;
  }
}
