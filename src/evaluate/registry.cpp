#include "evaluate/registry.hpp"

#include <algorithm>
#include <memory>

#include "evaluate/azure/content_filter.hpp"
#include "evaluate/azure/truncation.hpp"
#include "evaluate/privacy/privacy.hpp"
#include "evaluate/quality/failure_to_answer.hpp"
#include "evaluate/quality/language_mismatch.hpp"
#include "evaluate/quality/overlap.hpp"
#include "evaluate/quality/repetition.hpp"
#include "evaluate/quality/tone.hpp"
#include "evaluate/quality/validity.hpp"
#include "evaluate/security/code_injection.hpp"
#include "evaluate/security/exfiltration.hpp"
#include "evaluate/security/prompt_injection.hpp"
#include "evaluate/security/system_prompt_leak.hpp"

namespace catalejo::evaluate {

const std::vector<const Evaluator*>& evaluators() {
  static const ContentFilter content_filter;
  static const Truncation truncation;
  static const std::unique_ptr<Evaluator> pii = privacy::make_pii();
  static const std::unique_ptr<Evaluator> secrets = privacy::make_secrets();
  static const PromptInjection prompt_injection;
  static const SystemPromptLeak system_prompt_leak;
  static const Exfiltration exfiltration;
  static const CodeInjection code_injection;
  static const FailureToAnswer failure_to_answer;
  static const LanguageMismatch language_mismatch;
  static const Sentiment sentiment_input(Side::input), sentiment_output(Side::output);
  static const Toxicity toxicity_input(Side::input), toxicity_output(Side::output);
  static const Repetition repetition;
  static const InvalidJson invalid_json;
  static const WrongTool wrong_tool;
  static const ToolArguments tool_arguments;
  static const Groundedness groundedness;
  static const std::vector<const Evaluator*> all = {
      &content_filter,    &truncation,         pii.get(),        secrets.get(),
      &prompt_injection,  &system_prompt_leak, &exfiltration,    &code_injection,
      &failure_to_answer, &language_mismatch,  &sentiment_input, &sentiment_output,
      &toxicity_input,    &toxicity_output,    &repetition,      &invalid_json,
      &wrong_tool,        &tool_arguments,     &groundedness,
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
