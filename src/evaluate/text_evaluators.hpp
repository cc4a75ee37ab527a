// The evaluators that need nothing but a span's texts, for the registry. Those that a user
// configures (Canary, TopicRelevance) are made where their settings are read.
#pragma once

#include <vector>

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

// They live as long as the program. The first judging of each compiles its rules.
const std::vector<const Evaluator*>& text_evaluators();

}  // namespace catalejo::evaluate
