#include "pipeline/redact.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.hpp"
#include "base/file.hpp"
#include "base/limits.hpp"
#include "codec/digest.hpp"

namespace catalejo::pipeline {
namespace {

constexpr std::size_t kHashDigits = 16;
constexpr std::size_t kKeyBytes = 32;

// Whether `text` fits `glob`, whose stars stand for anything. Linear: a star gives back only to
// the last one before it.
bool fits(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      from = t;
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

constexpr std::array<std::string_view, 4> kActionNames = {"keep", "mask", "hash", "drop"};

std::optional<RedactAction> action_of(std::string_view name) {
  const auto* found = std::ranges::find(kActionNames, name);
  if (found == kActionNames.end()) return std::nullopt;
  return static_cast<RedactAction>(found - kActionNames.begin());
}

bool is_rule_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

bool is_target(std::string_view target) {
  if (target == "pii" || target == "secrets" || target == "pattern") return true;
  const auto rules = detect::built_in_rules();
  return std::any_of(rules.begin(), rules.end(),
                     [&](const auto& rule) { return rule.first == target; });
}

// "4111 1111…" and "4111-1111…" are one number.
std::string plain_of(std::string_view found) {
  std::string plain;
  for (const char c : found) {
    if (std::string_view(" -./()\n\t").find(c) != std::string_view::npos) continue;
    plain += lower_ascii(c);
  }
  return plain;
}

struct Edit {
  std::uint32_t begin, end;
  std::string text;
};

// `edits` in any order; of those that overlap the first in the text and then the longest counts.
std::string edited(std::string_view text, std::vector<Edit>& edits) {
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

}  // namespace

std::string_view redact_action_name(RedactAction action) {
  return kActionNames.at(static_cast<std::size_t>(action));
}

// What one span is worked on with; kept from span to span for its memory.
struct Redactor::Work {
  detect::FlatText flat;
  std::vector<std::string_view*> fields;
  std::vector<detect::Finding> findings;
  std::vector<detect::Place> places;
  std::map<std::uint32_t, std::vector<Edit>> edits;  // by field
  std::map<std::string, std::uint64_t> struck;       // by rule
  std::string_view app, service;
  model::Arena* arena = nullptr;
  std::vector<Tried::Part>* told = nullptr;  // where everything that was found is

  void begin(std::string_view of_app, std::string_view of_service) {
    flat.clear();
    fields.clear();
    findings.clear();
    edits.clear();
    struck.clear();
    app = of_app;
    service = of_service;
  }
  std::uint32_t add(std::string_view& field) {
    fields.push_back(&field);
    return static_cast<std::uint32_t>(fields.size() - 1);
  }
  void text(std::string_view& field) {
    if (!field.empty()) flat.add_text(add(field), field);
  }
  void json(std::string_view& field) {
    if (!field.empty()) flat.add_json(add(field), field);
  }
  void tags(std::vector<model::Tag>& all) {
    for (model::Tag& tag : all) {
      const std::uint32_t key = add(tag.key);
      flat.add_named(key, tag.key, add(tag.value), tag.value);
    }
  }
  void tell(std::vector<model::Tag>& all) {
    for (const auto& [rule, count] : struck)
      all.push_back({arena->copy(fmt::format("{}{}", kRedactedTag, rule)),
                     arena->copy(fmt::format("{}", count))});
  }
};

Redactor::Redactor(const std::vector<store::RedactionRule>& rules, std::string key)
    : key_(std::move(key)) {
  detect::ScannerOptions options{.pii = false, .secrets = false};
  const auto built_in = detect::built_in_rules();
  for (const store::RedactionRule& rule : rules) {
    const auto action = action_of(rule.action);
    if (!rule.enabled || !action) continue;
    if (rule.target == "pattern") options.own.push_back({rule.name, rule.pattern});
    rules_.push_back({rule.app, rule.target == "pattern" ? rule.name : rule.target, *action});
    options.pii = options.pii || rule.target == "pii";
    options.secrets = options.secrets || rule.target == "secrets";
    for (const auto& [name, kind] : built_in) {
      if (name != rule.target) continue;
      (kind == detect::Class::pii ? options.pii : options.secrets) = true;
    }
  }
  scanner_ = std::make_unique<detect::Scanner>(std::move(options));
}

// Of all rules about a finding the narrowest counts: about just this kind before a whole class,
// then of a named application before all, then the newer one.
RedactAction Redactor::action_for(const detect::Finding& finding, std::string_view app,
                                  std::string_view service) const {
  const std::string_view of_class = finding.kind == detect::Class::pii      ? "pii"
                                    : finding.kind == detect::Class::secret ? "secrets"
                                                                            : "";
  RedactAction action = RedactAction::keep;
  int best = -1;
  for (const Rule& rule : rules_) {
    const bool exact = rule.target == finding.rule;
    if (!exact && rule.target != of_class) continue;
    if (!fits(rule.app, app) && !fits(rule.app, service)) continue;
    const int narrow = (exact ? 2 : 0) + (rule.app == "*" ? 0 : 1);
    if (narrow < best) continue;
    best = narrow;
    action = rule.action;
  }
  return action;
}

std::string Redactor::replacement(std::string_view rule, RedactAction action,
                                  std::string_view found) const {
  std::string words(rule);
  std::replace(words.begin(), words.end(), '_', ' ');
  if (action != RedactAction::hash) return fmt::format("[{}]", words);
  return fmt::format("[{}:{}]", words,
                     codec::hmac_sha256_hex(key_, plain_of(found)).substr(0, kHashDigits));
}

void Redactor::redact(Work& work) const {
  scanner_->find_flat(work.flat.text(), work.findings);
  for (const detect::Finding& finding : work.findings) {
    const RedactAction action = action_for(finding, work.app, work.service);
    if (action == RedactAction::keep && work.told == nullptr) continue;
    work.places.clear();
    work.flat.locate(finding.begin, finding.end, work.places);
    if (work.told != nullptr)
      for (const detect::Place& place : work.places)
        work.told->push_back({place.begin, place.end, std::string(finding.rule), action});
    if (action == RedactAction::keep) continue;
    const std::string_view found =
        work.flat.text().substr(finding.begin, finding.end - finding.begin);
    const std::string text = replacement(finding.rule, action, found);
    for (const detect::Place& place : work.places) {
      const bool whole = action == RedactAction::drop || place.number;
      work.edits[place.field].push_back({whole ? place.whole_begin : place.begin,
                                         whole ? place.whole_end : place.end,
                                         place.number ? '"' + text + '"' : text});
    }
    ++work.struck[std::string(finding.rule)];
  }
  for (auto& [field, edits] : work.edits)
    *work.fields[field] = work.arena->adopt(edited(*work.fields[field], edits));
}

void Redactor::redact_span(model::Span& span, Work& work) const {
  work.begin(span.ml_app, span.service);
  for (std::string_view* text :
       {&span.name, &span.apm_name, &span.resource, &span.service, &span.env, &span.version,
        &span.session_id, &span.user_id, &span.model_name, &span.model_provider, &span.deployment,
        &span.error_type, &span.error_message, &span.error_stack})
    work.text(*text);
  for (std::string_view* json :
       {&span.input_json, &span.output_json, &span.metadata_json, &span.extra_json})
    work.json(*json);
  work.tags(span.tags);
  redact(work);
  if (work.struck.empty()) return;
  span.flags |= model::flag_redacted;
  work.tell(span.tags);
}

void Redactor::redact_evaluation(model::Evaluation& evaluation, Work& work) const {
  work.begin(evaluation.ml_app, {});
  for (std::string_view* text :
       {&evaluation.session_id, &evaluation.join_value, &evaluation.reasoning})
    work.text(*text);
  if (evaluation.type == model::MetricType::json) {
    work.json(evaluation.text);
  } else {
    work.text(evaluation.text);
  }
  for (std::string_view* json :
       {&evaluation.submitter, &evaluation.metadata_json, &evaluation.error_json})
    work.json(*json);
  work.tags(evaluation.tags);
  redact(work);
  if (work.struck.empty()) return;
  evaluation.flags |= model::flag_redacted;
  work.tell(evaluation.tags);
}

void Redactor::apply(model::Batch& batch, Counts& counts) const {
  if (idle()) return;
  Work work;
  work.arena = &batch.arena;
  const auto count = [&] {
    for (const auto& [rule, times] : work.struck) counts[{std::string(work.app), rule}] += times;
  };
  for (model::Span& span : batch.spans) {
    redact_span(span, work);
    count();
  }
  for (model::Evaluation& evaluation : batch.evaluations) {
    redact_evaluation(evaluation, work);
    count();
  }
}

Redactor::Tried Redactor::try_text(std::string_view app, std::string_view text) const {
  Tried tried;
  model::Arena arena;
  Work work;
  work.arena = &arena;
  work.told = &tried.parts;
  work.begin(app, app);
  work.text(text);
  redact(work);
  tried.text = text;
  return tried;
}

Result<void> check_rule(const store::RedactionRule& rule) {
  const auto bad = [](std::string where, std::string message) {
    return Error{Code::bad_request, std::move(message), std::move(where)};
  };
  if (rule.app.empty() || rule.app.size() > limits::short_name_bytes_max)
    return bad("app", fmt::format("must have 1 to {} bytes; * is every application",
                                  limits::short_name_bytes_max));
  if (!is_target(rule.target))
    return bad("target", "must be pii, secrets, pattern, or a rule such as card_number");
  if (!action_of(rule.action)) return bad("action", "must be mask, hash, drop or keep");
  if (rule.target != "pattern")
    return rule.pattern.empty() ? Result<void>{} : bad("pattern", "is only for the target pattern");
  if (!is_rule_name(rule.name))
    return bad("name", "must have 1 to 40 lower-case letters, digits or _");
  return detect::check_pattern({rule.name, rule.pattern});
}

Result<std::unique_ptr<Redaction>> Redaction::open(store::RedactionControl& control,
                                                   const std::string& key_path,
                                                   Counters& counters) {
  struct stat there = {};
  std::string key;
  if (::stat(key_path.c_str(), &there) == 0) {
    auto read = read_file(key_path);
    if (!read) return read.error();
    key = *std::move(read);
    if (key.size() != kKeyBytes)
      return Error{Code::config, fmt::format("must have {} bytes", kKeyBytes), key_path};
  } else {
    key.resize(kKeyBytes);
    CATALEJO_INVARIANT(RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), kKeyBytes) == 1);
    CATALEJO_TRY(write_file_durably(key_path, key));
  }
  auto redaction = std::make_unique<Redaction>(control, std::move(key), counters);
  CATALEJO_TRY(redaction->refresh());
  return redaction;
}

Result<void> Redaction::refresh() {
  auto rules = control_.rules();
  if (!rules) return rules.error();
  auto fresh = compile(*rules);
  const std::lock_guard lock(mutex_);
  current_ = std::move(fresh);
  return {};
}

std::shared_ptr<const Redactor> Redaction::compile(
    const std::vector<store::RedactionRule>& rules) const {
  return std::make_shared<const Redactor>(rules, key_);
}

std::shared_ptr<const Redactor> Redaction::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void Redaction::apply(model::Batch& batch) const {
  const auto redactor = current();
  if (redactor->idle()) return;
  Redactor::Counts counts;
  redactor->apply(batch, counts);
  for (const auto& [key, times] : counts)
    counters_
        .counter("catalejo_redacted_total",
                 label("app", key.first) + "," + label("rule", key.second))
        .add(times);
}

}  // namespace catalejo::pipeline
