// Did a session reach its goal? Told by how it ended: thanks or complaints, questions asked again,
// a last answer that was none. Of the whole session, not of one span.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

struct Turn {
  std::string_view user, assistant;
  bool error = false;
};

// Categorical: "complete", "incomplete" or "unclear" (passes neither way). Nothing of no turns.
std::optional<Verdict> goal_completeness(std::span<const Turn> turns);

}  // namespace catalejo::evaluate
