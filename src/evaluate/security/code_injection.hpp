// Commands, SQL and scripts where data should be: in the arguments of tool calls, and in answers
// outside their code blocks.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class CodeInjection final : public Evaluator {
 public:
  std::string_view id() const override { return "code_injection"; }
  std::uint32_t version() const override { return 2; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
