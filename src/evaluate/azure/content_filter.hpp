// Azure's own verdicts about prompt and answer: what the content filter found and how severe, and
// the refusal of a prompt. Our tracer records them (metadata `azure`); of other tracers a refusal
// is known by its error.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class ContentFilter final : public Evaluator {
 public:
  std::string_view id() const override { return "azure_content_filter"; }
  std::uint32_t version() const override { return 1; }
  // Categorical, its value the categories: "prompt:jailbreak,completion:violence". Fails when
  // something was filtered or detected, or is of severity medium or high.
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
