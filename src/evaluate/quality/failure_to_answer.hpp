// Did the model answer at all? Categories: "refusal", "no_content" (does not know, has no access),
// "apology", "redirect", "empty"; else "answered". English and Spanish.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class FailureToAnswer final : public Evaluator {
 public:
  std::string_view id() const override { return "failure_to_answer"; }
  std::uint32_t version() const override { return 4; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
