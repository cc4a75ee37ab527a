// A labelled case as a line of JSON: the texts by who speaks, in short form, and what is expected.
//   {"user":"…","assistant":"…","expect":"refusal"}
// system, user, document, tool_result, assistant: a text or several; document and tool_result
// belong to the input. tool_call: {"name":…,"arguments":…} or several. tools, response_format:
// JSON.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class Case {
 public:
  // Throws std::runtime_error with the line's number in `where` when it cannot be read.
  Case(std::string_view line, std::string_view where);
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  Subject subject() const;
  std::string_view expect() const { return expect_; }
  std::string_view where() const { return where_; }

 private:
  std::string_view keep(std::string_view text) { return kept_.emplace_back(text); }

  std::deque<std::string> kept_;
  std::vector<Text> texts_;
  std::string expect_, where_, tools_, response_format_, finish_reason_;
};

// Every case of a file of tests/evaluate/.
std::deque<Case> read_cases(std::string_view path);

// What `evaluator` says: its category, "yes" or "no", a score as text, or "" when it is silent.
std::string answer(const Evaluator& evaluator, const Subject& subject);
std::vector<Verdict> judge(const Evaluator& evaluator, const Subject& subject);

}  // namespace catalejo::evaluate
