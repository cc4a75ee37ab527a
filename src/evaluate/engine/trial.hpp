// A text that a person tries the evaluators on. Nothing of it is kept.
#pragma once

#include <string>

namespace catalejo::evaluate {

struct Trial {
  std::string system, input, output;  // one call of a model; each may be empty
};

// What every evaluator says of it, as a JSON array of verdicts (verdict_json.hpp).
std::string try_text(const Trial& trial);

}  // namespace catalejo::evaluate
