#include "evaluate/azure/content_filter.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace catalejo::evaluate {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr auto kFound = simdjson::SUCCESS;
constexpr std::size_t kCategoriesMax = 32;
constexpr std::size_t kErrorBytesMax = 16'384;

// Of the filter of Azure OpenAI; a finding names one of these, whatever was sent.
constexpr std::array<std::string_view, 12> kRules = {
    "hate",
    "self_harm",
    "sexual",
    "violence",
    "jailbreak",
    "indirect_attack",
    "profanity",
    "custom_blocklists",
    "protected_material_text",
    "protected_material_code",
    "task_adherence",
    "ungrounded_material",
};

struct Found {
  std::vector<std::string> categories;  // "prompt:hate"
  std::vector<Finding> findings;
  bool any = false;      // the filter said something, be it only that all is well
  bool refused = false;  // the prompt was not answered

  void add(Side side, std::string_view category) {
    if (categories.size() == kCategoriesMax) return;
    std::string name =
        fmt::format("{}:{}", side == Side::input ? "prompt" : "completion", category);
    if (std::ranges::find(categories, name) != categories.end()) return;
    categories.push_back(std::move(name));
    const auto rule = std::ranges::find(kRules, category);
    findings.push_back({.side = side, .rule = rule == kRules.end() ? "other" : *rule});
  }
};

bool is_bad(const object& result) {
  bool flag = false;
  if (result["filtered"].get(flag) == kFound && flag) return true;
  if (result["detected"].get(flag) == kFound && flag) return true;
  std::string_view severity;
  return result["severity"].get(severity) == kFound && (severity == "medium" || severity == "high");
}

void read_side(const object& filter, std::string_view key, Side side, Found& found) {
  object categories, result;
  if (filter[key].get(categories) != kFound) return;
  for (const auto& [name, value] : categories) {
    if (value.get(result) != kFound) continue;
    found.any = true;
    if (is_bad(result)) found.add(side, name);
  }
}

void read_inner_error(const object& azure, Found& found) {
  object inner;
  array categories;
  if (azure["inner_error"].get(inner) != kFound) return;
  found.any = found.refused = true;
  if (inner["categories"].get(categories) == kFound) {
    for (const element each : categories)
      if (std::string_view name; each.get(name) == kFound) found.add(Side::input, name);
  }
  if (bool jailbreak = false; inner["jailbreak"].get(jailbreak) == kFound && jailbreak)
    found.add(Side::input, "jailbreak");
}

// Clients print the refusal as Python or JSON: 'hate': {'filtered': True, …}.
void read_error(const Subject& subject, Found& found) {
  const std::string_view message = subject.error_message.substr(0, kErrorBytesMax);
  if (message.find("ResponsibleAIPolicyViolation") == std::string_view::npos &&
      message.find("content_filter") == std::string_view::npos &&
      message.find("content management policy") == std::string_view::npos)
    return;
  found.any = found.refused = true;
  for (const std::string_view rule : kRules) {
    const std::size_t at = message.find(rule);
    if (at == std::string_view::npos) continue;
    const std::string_view inside = message.substr(at, message.substr(at).find('}'));
    for (const std::string_view said :
         {"'filtered': True", "\"filtered\": true", "\"filtered\":true", "'detected': True",
          "\"detected\": true", "\"detected\":true"})
      if (inside.find(said) != std::string_view::npos) found.add(Side::input, rule);
  }
}

Found read(const Subject& subject) {
  // The metadata of most spans has nothing of it; parsing is for those that may.
  thread_local simdjson::dom::parser parser;
  Found found;
  const std::string_view json = subject.metadata_json;
  object root, azure, filter;
  if ((json.find("\"content_filter\"") != std::string_view::npos ||
       json.find("\"inner_error\"") != std::string_view::npos) &&
      parser.parse(json.data(), json.size()).get(root) == kFound &&
      root["azure"].get(azure) == kFound) {
    if (azure["content_filter"].get(filter) == kFound) {
      read_side(filter, "prompt", Side::input, found);
      read_side(filter, "completion", Side::output, found);
    }
    read_inner_error(azure, found);
  }
  if (!found.refused && subject.error) read_error(subject, found);
  if (subject.finish_reason.find("content_filter") != std::string_view::npos) {
    found.any = true;
    const bool known = std::ranges::any_of(
        found.findings, [](const Finding& each) { return each.side == Side::output; });
    if (!known) found.add(Side::output, "other");
  }
  return found;
}

}  // namespace

void ContentFilter::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  if (subject.kind != "llm" && subject.kind != "embedding") return;
  Found found = read(subject);
  if (!found.any) return;
  const bool bad = found.refused || !found.categories.empty();
  Verdict verdict{.label = id(),
                  .type = model::MetricType::categorical,
                  .text = fmt::format("{}", fmt::join(found.categories, ",")),
                  .assessment = bad ? Assessment::fail : Assessment::pass,
                  .findings = std::move(found.findings)};
  if (verdict.text.empty()) verdict.text = found.refused ? "refused" : "none";
  if (bad)
    verdict.reasoning = fmt::format(
        "Azure {}: {}.", found.refused ? "refused the prompt" : "marked the call", verdict.text);
  verdicts.push_back(std::move(verdict));
}

}  // namespace catalejo::evaluate
