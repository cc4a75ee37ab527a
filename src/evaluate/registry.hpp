// Every evaluator there is, one line each in registry.cpp. They live as long as the program.
#pragma once

#include <string_view>
#include <vector>

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

const std::vector<const Evaluator*>& evaluators();
// nullptr when there is none of that id.
const Evaluator* find_evaluator(std::string_view id);

std::string_view assessment_name(Assessment assessment);  // "pass", "fail", ""
std::string_view voice_name(Voice voice);
std::string_view scope_name(Scope scope);  // "span", "trace", "session"

}  // namespace catalejo::evaluate
