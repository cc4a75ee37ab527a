// Does the answer speak the language of the question? Silent where that cannot be told: short
// texts, code, JSON, a request for another language.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class LanguageMismatch final : public Evaluator {
 public:
  std::string_view id() const override { return "language_mismatch"; }
  std::uint32_t version() const override { return 3; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
