// Metrics of a query asked of the store, and their answers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "query/cost_reader.hpp"
#include "query/metrics/ast.hpp"
#include "query/metrics/series.hpp"
#include "store/store.hpp"

namespace catalejo::query::metrics {

// Time that is asked about, and how long a rollup is at least (0 = as the time makes it).
struct Window {
  std::int64_t from_s = 0, to_s = 0, step_s_min = 0;
};

// Answers that were had already, by the question: formulas and monitors ask for the same queries.
using Answers = std::map<std::string, Lines>;

// The answers to all of them, in their order; `costs`, when it is there, knows what spans cost.
// Errors: bad_request, and those of the store.
Task<Result<std::vector<Lines>>> ask(store::Store& store, std::vector<Metric> wanted, Window window,
                                     std::shared_ptr<Answers> known, CostReader* costs = nullptr);

}  // namespace catalejo::query::metrics
