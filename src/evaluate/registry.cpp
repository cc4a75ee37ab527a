#include "evaluate/registry.hpp"

#include <algorithm>
#include <memory>

#include "evaluate/azure/content_filter.hpp"
#include "evaluate/azure/truncation.hpp"
#include "evaluate/privacy/privacy.hpp"
#include "evaluate/quality/goal_completeness.hpp"
#include "evaluate/quality/tool_loop.hpp"
#include "evaluate/text_evaluators.hpp"
#include "evaluate/usual/outliers.hpp"

namespace catalejo::evaluate {

const std::vector<const Evaluator*>& evaluators() {
  static const ContentFilter content_filter;
  static const Truncation truncation;
  static const LatencyOutlier latency_outlier;
  static const CostOutlier cost_outlier;
  static const GoalCompleteness goal_completeness;
  static const ToolLoop tool_loop;
  static const std::unique_ptr<Evaluator> pii = privacy::make_pii();
  static const std::unique_ptr<Evaluator> secrets = privacy::make_secrets();
  static const std::unique_ptr<Evaluator> redacted = privacy::make_redacted();
  static const std::vector<const Evaluator*> all = [] {
    std::vector<const Evaluator*> made = {&content_filter, &truncation, &latency_outlier,
                                          &cost_outlier,   pii.get(),   secrets.get(),
                                          redacted.get()};
    made.insert(made.end(), text_evaluators().begin(), text_evaluators().end());
    made.insert(made.end(), {&goal_completeness, &tool_loop});
    return made;
  }();
  return all;
}

const Evaluator* find_evaluator(std::string_view id) {
  const auto& all = evaluators();
  const auto found = std::ranges::find(all, id, &Evaluator::id);
  return found == all.end() ? nullptr : *found;
}

std::string_view assessment_name(Assessment assessment) {
  if (assessment == Assessment::pass) return "pass";
  return assessment == Assessment::fail ? "fail" : "";
}

std::string_view voice_name(Voice voice) {
  constexpr std::string_view kNames[] = {"system",    "user",        "assistant",
                                         "tool_call", "tool_result", "document"};
  return kNames[static_cast<std::size_t>(voice)];
}

std::string_view scope_name(Scope scope) {
  constexpr std::string_view kNames[] = {"span", "trace", "session"};
  return kNames[static_cast<std::size_t>(scope)];
}

}  // namespace catalejo::evaluate
