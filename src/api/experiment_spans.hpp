// The rows of an experiment, out of the spans that its run sent: those of kind "experiment" that
// carry its id as a tag. For this folder only.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/task.hpp"
#include "query/cursor.hpp"
#include "query/reader.hpp"
#include "store/experiments.hpp"

namespace catalejo::api {

// Keeps a page of rows; `last` after which none follow.
using KeepRows =
    std::function<Task<Result<void>>(std::vector<store::ExperimentRow> rows, bool last)>;

// Gives them page by page, first ones first, to `keep`, whose error ends it. An experiment that
// takes no more rows keeps those it has: then `keep` is called once more, with none.
Task<Result<void>> collect_experiment_spans(query::Reader& reader, store::Experiment experiment,
                                            KeepRows keep);

// What the tags of a row ("key:value") say of it.
void set_from_tag(store::ExperimentRow& row, std::string_view key, std::string_view value);

}  // namespace catalejo::api
