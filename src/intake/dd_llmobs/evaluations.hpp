// Evaluations and user feedback as the SDKs and the public API post them.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/batch.hpp"

namespace catalejo::intake::dd_llmobs {

struct ParsedEvaluations {
  model::Batch batch;
  // The answer of the API: the metrics that were taken, each with its id, and which were refused.
  std::string answer;
};

// {"data":{"type":"evaluation_metric","attributes":{"metrics":[…],"tags":[…]}}} of eval-metric v2;
// the v1 form, with span_id and trace_id in the metric itself, is read as well.
Result<ParsedEvaluations> parse_evaluations(std::string body);

}  // namespace catalejo::intake::dd_llmobs
