// Definitions to begin with: the questions that the original's managed evaluations answer.
#pragma once

#include <span>

#include "evaluate/judge/definition.hpp"

namespace catalejo::evaluate::judge {

std::span<const Definition> templates();

}  // namespace catalejo::evaluate::judge
