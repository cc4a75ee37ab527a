// A text that a person tries the evaluators on. Nothing of it is kept.
#pragma once

#include <string>
#include <vector>

#include "evaluate/engine/bench.hpp"

namespace catalejo::evaluate {

struct Trial {
  std::string system, input, output;  // one call of a model; each may be empty
};

// What every evaluator says of it, as it is set: a JSON array of verdicts (verdict_json.hpp).
std::string try_text(const Trial& trial, const std::vector<Seat>& seats);

}  // namespace catalejo::evaluate
