// The evaluators that need nothing but a span's texts, for the registry. Those that ask for a list
// of the user's (Canary, TopicRelevance) are silent here.
#pragma once

#include <vector>

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

// They live as long as the program. The first judging of each compiles its rules.
const std::vector<const Evaluator*>& text_evaluators();

}  // namespace catalejo::evaluate
