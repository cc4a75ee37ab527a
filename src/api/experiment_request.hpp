// What the requests about experiments have in common. For this folder only.
#pragma once

#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/task.hpp"
#include "store/experiments.hpp"

namespace catalejo::api {

// Error not_found for one that was removed too.
Future<Result<store::Experiment>> find_experiment(const ApiPtr& api, const std::string& id);

// "meta" of a list that goes on from a position.
void append_after(Fields& fields, std::optional<std::int64_t> next);

}  // namespace catalejo::api
