#include "pipeline/redact.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/limits.hpp"

namespace catalejo::pipeline {
namespace {

constexpr std::size_t kKeyBytes = 32;

bool is_target(std::string_view target) {
  detect::ScannerOptions options;
  return target == "pattern" || detect::look_for(target, options);
}

}  // namespace

// What one span is worked on with; kept from span to span for its memory.
struct Redactor::Work : detect::RedactWork {
  std::vector<std::string_view*> fields;
  std::string_view app, service;
  model::Arena* arena = nullptr;
  std::vector<Tried::Part>* told = nullptr;  // where everything that was found is

  void begin(std::string_view of_app, std::string_view of_service) {
    clear();
    fields.clear();
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

Redactor::Redactor(const std::vector<store::RedactionRule>& rules, std::string key) {
  detect::ScannerOptions options{.pii = false, .secrets = false};
  std::vector<detect::RedactRule> known;
  for (const store::RedactionRule& rule : rules) {
    const auto action = detect::redact_action_of(rule.action);
    if (!rule.enabled || !action) continue;
    const bool own = rule.target == "pattern";
    if (own) options.own.push_back({rule.name, rule.pattern});
    known.push_back({rule.app, own ? rule.name : rule.target, *action});
    detect::look_for(rule.target, options);
  }
  rules_ =
      std::make_unique<detect::RedactRules>(std::move(known), std::move(options), std::move(key));
}

void Redactor::redact(Work& work) const {
  detect::RedactRules::See see;
  if (work.told != nullptr) {
    see = [&](const detect::Place& place, std::string_view rule, RedactAction action) {
      work.told->push_back({place.begin, place.end, std::string(rule), action});
    };
  }
  rules_->find(work, work.app, work.service, see);
  for (auto& [field, edits] : work.edits)
    *work.fields[field] = work.arena->adopt(detect::edited(*work.fields[field], edits));
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

// Of an event the application is what its tag `service` says. Its texts are its own, so they are
// worked on beside it.
void Redactor::redact_event(model::Event& event, Work& work) const {
  constexpr std::string_view kService = "service:";
  const auto service = std::ranges::find_if(
      event.tags, [&](const std::string& tag) { return tag.starts_with(kService); });
  const std::string app =
      service == event.tags.end() ? std::string() : service->substr(kService.size());
  std::vector<std::string_view> texts = {event.title, event.text, event.aggregation_key};
  const std::size_t own = texts.size();
  for (const std::string& tag : event.tags) {
    const std::string_view whole = tag;
    const std::size_t colon = std::min(whole.find(':'), whole.size());
    texts.push_back(whole.substr(0, colon));
    texts.push_back(whole.substr(std::min(colon + 1, whole.size())));
  }
  work.begin(work.arena->copy(app), work.arena->copy(app));
  for (std::size_t i = 0; i < own; ++i) work.text(texts[i]);
  for (std::size_t i = own; i < texts.size(); i += 2) {
    const std::uint32_t key = work.add(texts[i]);
    work.flat.add_named(key, texts[i], work.add(texts[i + 1]), texts[i + 1]);
  }
  redact(work);
  if (work.struck.empty()) return;
  const std::vector<std::string> kept(texts.begin(), texts.end());
  event.title = kept[0];
  event.text = kept[1];
  event.aggregation_key = kept[2];
  for (std::size_t i = own, tag = 0; i < kept.size(); i += 2, ++tag)
    event.tags[tag] = kept[i + 1].empty() ? kept[i] : kept[i] + ':' + kept[i + 1];
  for (const auto& [rule, count] : work.struck)
    event.tags.push_back(fmt::format("{}{}:{}", kRedactedTag, rule, count));
  std::ranges::sort(event.tags);
  event.flags |= model::flag_redacted;
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
  for (model::Event& event : batch.events) {
    redact_event(event, work);
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
  if (!detect::redact_action_of(rule.action))
    return bad("action", "must be mask, hash, drop or keep");
  if (rule.target != "pattern")
    return rule.pattern.empty() ? Result<void>{} : bad("pattern", "is only for the target pattern");
  if (!detect::is_pattern_name(rule.name))
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
