// `catalejo evaluate`: what the evaluators say about texts of a file, without a server.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace catalejo::app {

struct EvaluateOptions {
  std::string file;               // JSON Lines; "-" is standard input
  std::vector<std::string> only;  // ids of evaluators; empty = all
  std::string options;            // JSON, of the one evaluator that judges by a list
  bool list = false;              // the evaluators, instead of judging
};

int evaluate_file(const EvaluateOptions& options);

}  // namespace catalejo::app
