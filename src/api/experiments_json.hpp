// Experiments, their rows and scores as JSON: read as Datadog's clients write them, written as they
// read them. For this folder only.
#pragma once

#include <string>
#include <vector>

#include "api/spans_json.hpp"
#include "base/result.hpp"
#include "codec/json_dom.hpp"
#include "store/experiments.hpp"

namespace catalejo::api {

// Without a summary "aggregate_data" is an empty object.
void append_experiment_fields(Fields& attributes, const store::Experiment& experiment,
                              const store::ExperimentSummary* summary);
// As an item of JSON:API.
void append_experiment(std::string& out, const store::Experiment& experiment,
                       const store::ExperimentSummary* summary);
// The rows with what was said of each, as "spans" of /events. `next` of `page` is not written.
void append_events(std::string& out, const store::ExperimentRows& page);
// The same as items of JSON:API.
void append_event_items(std::string& out, const store::ExperimentRows& page);
// What a list shows of the rows: texts, cut, instead of JSON.
void append_previews(std::string& out, const store::ExperimentRows& page);
void append_score(std::string& out, const store::ExperimentScore& score);

// `where` names it in an error.
Result<store::ExperimentScore> read_score(codec::dom::element item, const std::string& where);
Result<store::ExperimentRow> read_row(codec::dom::element item, const std::string& where);

}  // namespace catalejo::api
