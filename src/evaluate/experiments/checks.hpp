// Evaluators of a row that ask nobody: what was answered beside what was expected.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/experiments.hpp"

namespace catalejo::evaluate::experiments {

// "exact_match", "contains", "json_equal".
std::span<const std::string_view> check_names();

// `expected` is JSON. Under the name of the check; with an error instead of a value when nothing
// was expected. Its span is for the caller to say.
store::ExperimentScore check_answer(std::string_view name, std::string_view said,
                                    std::string_view expected);

}  // namespace catalejo::evaluate::experiments
