// Whether an answer was cut because the model reached its limit of tokens.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class Truncation final : public Evaluator {
 public:
  std::string_view id() const override { return "truncation"; }
  std::uint32_t version() const override { return 1; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
