// A verdict as JSON: what `catalejo evaluate` prints, and what an evaluation keeps of findings.
#pragma once

#include <string>

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

// {"evaluator":"truncation","version":1,"label":…,"type":…,"assessment":"fail",…}
void append_verdict(std::string& out, const Evaluator& evaluator, const Verdict& verdict);
// What it says, by its type: "positive", true, 0.5, or the JSON of a judge.
void append_value(std::string& out, const Verdict& verdict);
// [{"side":"input","message":0,"begin":4,"end":20,"rule":"card_number"},…], the first of them.
void append_findings(std::string& out, const std::vector<Finding>& findings);

}  // namespace catalejo::evaluate
