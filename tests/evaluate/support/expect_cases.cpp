#include "expect_cases.hpp"

#include <gtest/gtest.h>

#include "support/paths.hpp"

namespace catalejo::evaluate {

void expect_cases(const Evaluator& evaluator, std::string_view file) {
  std::size_t seen = 0;
  for (const Case& each : read_cases(test_data("evaluate/" + std::string(file)))) {
    EXPECT_EQ(answer(evaluator, each.subject()), each.expect()) << each.where();
    ++seen;
  }
  EXPECT_GT(seen, 9u) << file;
}

}  // namespace catalejo::evaluate
