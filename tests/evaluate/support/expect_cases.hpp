// Holds an evaluator to a file of cases.
#pragma once

#include "cases.hpp"

namespace catalejo::evaluate {

// Every case of tests/evaluate/<file>.
void expect_cases(const Evaluator& evaluator, std::string_view file);

}  // namespace catalejo::evaluate
