#include "query/search/attributes.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/ascii.hpp"
#include "base/limits.hpp"

namespace catalejo::query::search {
namespace {

constexpr std::array kSpanAttributes = {
    Attribute{"@status", Type::status, "error"},
    Attribute{"@error", Type::flag, "error"},
    Attribute{"@meta.span.kind", Type::text, "kind"},
    Attribute{"@meta.model_name", Type::text, "model"},
    Attribute{"@meta.model_provider", Type::text, "provider"},
    Attribute{"@deployment", Type::text, "deployment"},
    Attribute{"@prompt", Type::text, "prompt"},
    Attribute{"@ml_app", Type::text, "ml_app"},
    Attribute{"@name", Type::text, "name"},
    Attribute{"@service", Type::text, "service"},
    Attribute{"@env", Type::text, "env"},
    Attribute{"@version", Type::text, "version"},
    Attribute{"@session_id", Type::text, "session_id"},
    Attribute{"@user_id", Type::text, "user_id"},
    Attribute{"@duration", Type::duration, "duration_ns"},
    Attribute{"@metrics.input_tokens", Type::count, "input_tokens"},
    Attribute{"@metrics.output_tokens", Type::count, "output_tokens"},
    Attribute{"@metrics.total_tokens", Type::count, "total_tokens"},
    Attribute{"@metrics.estimated_total_cost", Type::money, "cost_nano_usd"},
    Attribute{"@meta.error.type", Type::text, "error_type"},
    Attribute{"@meta.error.message", Type::text, "error_message"},
    Attribute{"@meta.error.stack", Type::text, "error_stack"},
    Attribute{"@meta.input", Type::content, "input"},
    Attribute{"@meta.output", Type::content, "output"},
    Attribute{"@trace_id", Type::trace_id, "trace_id"},
    Attribute{"@span_id", Type::span_id, "span_id"},
    Attribute{"@parent_id", Type::parent_id, "parent_id"},
    Attribute{"@event_type", Type::event_type, ""},
    Attribute{"@resource", Type::text, "resource"},
    Attribute{"@azure_resource", Type::text, "azure_resource"},
    Attribute{"@source", Type::text, "source"},
    // Other names of the same, as Datadog's pages and clients write them.
    Attribute{"@span_kind", Type::text, "kind", true},
    Attribute{"@meta.kind", Type::text, "kind", true},
    Attribute{"@model_name", Type::text, "model", true},
    Attribute{"@model_provider", Type::text, "provider", true},
    Attribute{"@error.type", Type::text, "error_type", true},
    Attribute{"@error.message", Type::text, "error_message", true},
    Attribute{"@input", Type::content, "input", true},
    Attribute{"@output", Type::content, "output", true},
    Attribute{"@cost", Type::money, "cost_nano_usd", true},
    Attribute{"service", Type::text, "service", true},
    Attribute{"env", Type::text, "env", true},
    Attribute{"version", Type::text, "version", true},
    Attribute{"ml_app", Type::text, "ml_app", true},
    Attribute{"session_id", Type::text, "session_id", true},
    Attribute{"user_id", Type::text, "user_id", true},
    Attribute{"status", Type::status, "error", true},
};

#define CATALEJO_CALLS "kind IN ('llm', 'embedding')"
constexpr std::array kTraceFigures = {
    Attribute{"@trace.total_tokens", Type::count,
              "if(countIf(total_tokens >= 0 AND " CATALEJO_CALLS
              ") = 0, -1, sumIf(total_tokens, total_tokens >= 0 AND " CATALEJO_CALLS "))"},
    Attribute{"@trace.llm_calls", Type::count, "toInt64(countIf(kind = 'llm'))"},
    Attribute{"@trace.tool_calls", Type::count, "toInt64(countIf(kind = 'tool'))"},
    Attribute{"@trace.number_of_tools", Type::count, "toInt64(uniqExactIf(name, kind = 'tool'))"},
    Attribute{"@trace.spans", Type::count, "toInt64(count())"},
    Attribute{"@trace.errors", Type::count, "toInt64(countIf(error != 0))"},
    Attribute{"@trace.duration", Type::duration,
              "max(toUnixTimestamp64Nano(start) + duration_ns) - "
              "min(toUnixTimestamp64Nano(start))"},
    Attribute{"@trace.cost", Type::money,
              "if(countIf(trace_cost >= 0) = 0, -1, sumIf(trace_cost, trace_cost >= 0))"},
    Attribute{"@trace.estimated_total_cost", Type::money,
              "if(countIf(trace_cost >= 0) = 0, -1, sumIf(trace_cost, trace_cost >= 0))", true},
};
#undef CATALEJO_CALLS

constexpr std::array<std::string_view, 5> kOpenPrefixes = {"@metrics.", "@meta.metadata.",
                                                           "@evaluation.", "@trace.", "@child."};

const Attribute* find(std::span<const Attribute> all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Attribute::name);
  return found == all.end() ? nullptr : &*found;
}

Target target_of(const Attribute& attribute, Source source) {
  return {.source = source, .type = attribute.type, .column = attribute.column};
}

// "label.value" → the label and its part. Labels may hold dots, so the last one decides.
std::optional<Target> resolve_evaluation(std::string_view rest) {
  Target target{.source = Source::evaluation, .type = Type::dynamic};
  const std::size_t dot = rest.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? "" : rest.substr(dot + 1);
  for (const std::string_view part : {"value", "assessment", "reasoning"})
    if (last == part) target.part = part;
  if (target.part == "assessment" || target.part == "reasoning") target.type = Type::text;
  if (!target.part.empty()) rest = rest.substr(0, dot);
  if (rest.empty()) return std::nullopt;
  target.name = rest;
  return target;
}

std::optional<Target> resolve_metadata(std::string_view rest) {
  Target target{.source = Source::metadata, .type = Type::dynamic};
  while (true) {
    const std::string_view part = rest.substr(0, rest.find('.'));
    if (part.empty() || target.path.size() == limits::search_path_parts_max) return std::nullopt;
    target.path.emplace_back(part);
    if (part.size() == rest.size()) return target;
    rest.remove_prefix(part.size() + 1);
  }
}

std::optional<Target> resolve_child(std::string_view rest) {
  if (rest.empty()) return std::nullopt;
  // "@child.@status" as Datadog writes it, and "@child.status".
  const std::string key = rest.starts_with('@') ? std::string(rest) : "@" + std::string(rest);
  auto target = key.starts_with("@child.") ? std::nullopt : resolve(key);
  if (!target || target->source == Source::trace) return std::nullopt;
  target->child = true;
  return target;
}

// Changes of one letter (put in, left out, replaced) that make one of the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row.back();
}

constexpr std::size_t kTypedBytesMax = 64;  // nothing longer is a misspelt attribute

std::size_t allowed_changes(std::string_view typed) {
  return typed.size() < 6 ? 1 : std::max<std::size_t>(2, typed.size() / 4);
}

// The name that is offered for an alias.
std::string_view canonical(const Attribute& attribute) {
  if (!attribute.alias) return attribute.name;
  for (const Attribute& other : kSpanAttributes)
    if (!other.alias && other.column == attribute.column && other.type == attribute.type)
      return other.name;
  return attribute.name;
}

}  // namespace

std::string_view type_name(Type type) {
  constexpr std::array<std::string_view, 13> kNames = {
      "text",   "dynamic", "content",  "number",  "count",     "duration",  "money",
      "status", "flag",    "trace_id", "span_id", "parent_id", "event_type"};
  return kNames[static_cast<std::size_t>(type)];
}

std::span<const Attribute> span_attributes() {
  return kSpanAttributes;
}

std::span<const Attribute> trace_figures() {
  return kTraceFigures;
}

std::span<const std::string_view> open_prefixes() {
  return kOpenPrefixes;
}

std::optional<Target> resolve(std::string_view key) {
  if (const Attribute* known = find(kSpanAttributes, key)) return target_of(*known, Source::column);
  if (const Attribute* known = find(kTraceFigures, key)) return target_of(*known, Source::trace);
  if (!key.starts_with('@'))
    return Target{.source = Source::tag, .type = Type::dynamic, .name = std::string(key)};
  const auto after = [&](std::string_view prefix) -> std::optional<std::string_view> {
    if (!key.starts_with(prefix) || key.size() == prefix.size()) return std::nullopt;
    return key.substr(prefix.size());
  };
  if (const auto name = after("@metrics."))
    return Target{.source = Source::metric, .type = Type::number, .name = std::string(*name)};
  if (const auto path = after("@meta.metadata.")) return resolve_metadata(*path);
  if (const auto rest = after("@evaluation.")) return resolve_evaluation(*rest);
  for (const std::string_view old : {"@evaluations.custom.", "@evaluations."}) {
    if (const auto label = after(old))
      return Target{.source = Source::evaluation,
                    .type = Type::dynamic,
                    .name = std::string(*label),
                    .part = "value"};
  }
  if (const auto rest = after("@child.")) return resolve_child(*rest);
  return std::nullopt;
}

std::string nearest_attribute(std::string_view key) {
  if (key.starts_with("@child.")) {
    std::string_view rest = key.substr(7);
    if (rest.starts_with('@')) rest.remove_prefix(1);
    const std::string inner = nearest_attribute("@" + std::string(rest));
    return inner.empty() || inner.starts_with("@trace.") ? "" : "@child." + inner;
  }
  if (key.size() > kTypedBytesMax) return "";
  const std::string typed = lower_ascii(key);
  const std::string_view body =
      std::string_view(typed).substr(std::min<std::size_t>(1, typed.size()));
  std::string_view best;
  std::size_t best_cost = SIZE_MAX;
  const auto offer = [&](std::string_view name, std::string_view offered) {
    const std::size_t changes = distance(typed, name);
    std::size_t cost = changes <= allowed_changes(typed) ? changes : SIZE_MAX;
    // "@model" is a part of what was meant rather than a misspelling of it.
    if (cost == SIZE_MAX && body.size() >= 3 && name.find(body) != std::string_view::npos)
      cost = 100 + name.size();
    if (cost < best_cost) {
      best_cost = cost;
      best = offered;
    }
  };
  for (const Attribute& attribute : kSpanAttributes)
    if (attribute.name.starts_with('@')) offer(attribute.name, canonical(attribute));
  for (const Attribute& attribute : kTraceFigures) offer(attribute.name, attribute.name);
  return std::string(best);
}

std::string_view nearest(std::string_view typed, std::span<const std::string_view> words) {
  if (typed.size() > kTypedBytesMax) return "";
  const std::string small = lower_ascii(typed);
  std::string_view best;
  std::size_t best_cost = std::max<std::size_t>(2, typed.size() / 2) + 1;
  for (const std::string_view word : words) {
    const std::size_t cost = distance(small, word);
    if (cost < best_cost) {
      best_cost = cost;
      best = word;
    }
  }
  return best;
}

}  // namespace catalejo::query::search
