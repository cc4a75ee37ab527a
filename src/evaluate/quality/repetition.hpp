// An answer that goes in circles: the same words, line or characters again and again, in a row.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class Repetition final : public Evaluator {
 public:
  std::string_view id() const override { return "repetition"; }
  std::uint32_t version() const override { return 2; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
