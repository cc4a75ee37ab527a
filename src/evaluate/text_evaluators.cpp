#include "evaluate/text_evaluators.hpp"

#include "evaluate/quality/failure_to_answer.hpp"
#include "evaluate/quality/language_mismatch.hpp"
#include "evaluate/quality/overlap.hpp"
#include "evaluate/quality/repetition.hpp"
#include "evaluate/quality/tone.hpp"
#include "evaluate/quality/validity.hpp"
#include "evaluate/security/canary.hpp"
#include "evaluate/security/code_injection.hpp"
#include "evaluate/security/exfiltration.hpp"
#include "evaluate/security/prompt_injection.hpp"
#include "evaluate/security/system_prompt_leak.hpp"

namespace catalejo::evaluate {

const std::vector<const Evaluator*>& text_evaluators() {
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
  static const Canary canary(std::vector<std::string>{});
  static const TopicRelevance topic_relevance(std::vector<Topic>{});
  static const std::vector<const Evaluator*> all = {
      &prompt_injection,  &system_prompt_leak, &exfiltration,    &code_injection,
      &failure_to_answer, &language_mismatch,  &sentiment_input, &sentiment_output,
      &toxicity_input,    &toxicity_output,    &repetition,      &invalid_json,
      &wrong_tool,        &tool_arguments,     &groundedness,    &canary,
      &topic_relevance,
  };
  return all;
}

}  // namespace catalejo::evaluate
