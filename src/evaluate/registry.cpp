#include "evaluate/registry.hpp"

#include <algorithm>

#include "evaluate/azure/content_filter.hpp"
#include "evaluate/azure/truncation.hpp"

namespace catalejo::evaluate {

const std::vector<const Evaluator*>& evaluators() {
  static const ContentFilter content_filter;
  static const Truncation truncation;
  static const std::vector<const Evaluator*> all = {
      &content_filter,
      &truncation,
  };
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

}  // namespace catalejo::evaluate
