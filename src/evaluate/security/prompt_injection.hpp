// Attacks on the model in what it is given: by the user (direct) and in documents and what tools
// answered (indirect). What the system prompt says is meant, and is not judged.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class PromptInjection final : public Evaluator {
 public:
  std::string_view id() const override { return "prompt_injection"; }
  std::uint32_t version() const override { return 6; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
