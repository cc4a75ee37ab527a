// What a translator decides about one span or evaluation of a request.
#pragma once

#include <string_view>

#include "model/batch.hpp"

namespace catalejo::intake {

enum class Fate {
  kept,
  sampled_out,  // the client decided so (_dd.sampling_decision "0") and left the dropping to us
  missing_span_id,
  missing_trace_id,
  wrong_type,        // a field that must be understood has another type than its contract says
  partial_snapshot,  // a span that still runs; the whole one follows
  too_many_spans,    // over limits::spans_per_request_max
  // evaluations only
  missing_label,
  label_with_dot,
  missing_value,
  missing_target,  // no span, trace, session or tag to belong to
  unknown_metric_type,
  too_many_evaluations,
};

// The reason in the loss ledger: the enumerator's name.
std::string_view reason(Fate fate);

// Counts one wire span into `batch`; the span itself is added only when it was kept.
void account_span(model::Batch& batch, Fate fate, model::Span&& span);

}  // namespace catalejo::intake
