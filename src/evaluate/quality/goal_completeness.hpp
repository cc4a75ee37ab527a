// Did a session reach its goal? A heuristic, told by how it ended: thanks or complaints, questions
// asked again, a last answer that was none. English and Spanish.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "evaluate/whole.hpp"

namespace catalejo::evaluate {

// Categorical: "complete", "incomplete" or "unclear" (passes neither way). Nothing of no turns.
std::optional<Verdict> goal_completeness(std::span<const Turn> turns);

class GoalCompleteness final : public WholeEvaluator {
 public:
  std::string_view id() const override { return "goal_completeness"; }
  std::uint32_t version() const override { return 1; }
  Scope scope() const override { return Scope::session; }
  bool reads_turns() const override { return true; }
  void judge_whole(const Whole& whole, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
