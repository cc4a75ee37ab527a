// An agent that goes in circles: the same tool, asked for the same, answers the same, again and
// again within one trace. A number: how often, at most.
#pragma once

#include "evaluate/whole.hpp"

namespace catalejo::evaluate {

class ToolLoop final : public WholeEvaluator {
 public:
  std::string_view id() const override { return "tool_loop"; }
  std::uint32_t version() const override { return 1; }
  Scope scope() const override { return Scope::trace; }
  std::optional<Threshold> threshold() const override { return Threshold{kCallsMax}; }
  std::string_view step_kind() const override { return "tool"; }
  void judge_whole(const Whole& whole, std::vector<Verdict>& verdicts) const override;

  // A second look is a retry; a third that tells nothing new is none.
  static constexpr double kCallsMax = 3;
};

}  // namespace catalejo::evaluate
