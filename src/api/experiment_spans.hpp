// The rows of an experiment, out of the spans that its run sent: those of kind "experiment" that
// carry its id as a tag. For this folder only.
#pragma once

#include <optional>
#include <vector>

#include "base/task.hpp"
#include "query/cursor.hpp"
#include "query/reader.hpp"
#include "store/experiments.hpp"

namespace catalejo::api {

struct ExperimentSpans {
  std::vector<store::ExperimentRow> rows;
  std::optional<query::Cursor> next;
};

// A page of them, first ones first.
Task<Result<ExperimentSpans>> read_experiment_spans(query::Reader& reader,
                                                    store::Experiment experiment,
                                                    std::optional<query::Cursor> after);

// Whether an experiment took no more rows: it keeps those it has.
bool is_full(const Result<void>& collected);

// What the tags of a row ("key:value") say of it.
void set_from_tag(store::ExperimentRow& row, std::string_view key, std::string_view value);

}  // namespace catalejo::api
