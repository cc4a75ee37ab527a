#include "intake/fate.hpp"

#include <string>
#include <utility>

#include "base/limits.hpp"

namespace catalejo::intake {

std::string_view reason(Fate fate) {
  switch (fate) {
    case Fate::kept:
      return "kept";
    case Fate::sampled_out:
      return "sampled_out";
    case Fate::missing_span_id:
      return "missing_span_id";
    case Fate::missing_trace_id:
      return "missing_trace_id";
    case Fate::wrong_type:
      return "wrong_type";
    case Fate::partial_snapshot:
      return "partial_snapshot";
    case Fate::too_many_spans:
      return "too_many_spans";
    case Fate::missing_label:
      return "missing_label";
    case Fate::label_with_dot:
      return "label_with_dot";
    case Fate::missing_value:
      return "missing_value";
    case Fate::missing_target:
      return "missing_target";
    case Fate::unknown_metric_type:
      return "unknown_metric_type";
    case Fate::too_many_evaluations:
      return "too_many_evaluations";
  }
  return "unknown";
}

void account_span(model::Batch& batch, Fate fate, model::Span&& span) {
  ++batch.spans_received;
  switch (fate) {
    case Fate::kept:
      batch.spans.push_back(std::move(span));
      return;
    case Fate::sampled_out:
      ++batch.spans_sampled_out;
      if (batch.sampled_out.size() < limits::spans_per_request_max)
        batch.sampled_out.push_back(std::move(span));
      return;
    default:
      ++batch.spans_rejected[std::string(reason(fate))];
      return;
  }
}

}  // namespace catalejo::intake
