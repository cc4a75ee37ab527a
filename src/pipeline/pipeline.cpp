#include "pipeline/pipeline.hpp"

#include <string>

#include "pipeline/events.hpp"
#include "pipeline/metric_points.hpp"
#include "pipeline/normalise.hpp"

namespace catalejo::pipeline {
namespace {

Times times(UnixNanos received, int retention_days) {
  const std::int64_t kept = retention_days * kNanosPerDay;
  return {.received = received, .oldest = {kept > 0 ? received.value - kept : 0}};
}

}  // namespace

Task<Result<store::Appended>> Pipeline::accept(model::Batch batch) {
  const UnixNanos received = now();
  normalise(batch, times(received, options_.retention_days));
  normalise_points(batch, times(received, options_.metric_retention_days));
  if (options_.redaction != nullptr) options_.redaction->apply(batch);
  // Afterwards, for what may not stand in a tag (the @ of an address) is no longer in it.
  normalise_events(batch, times(received, options_.metric_retention_days));
  if (options_.series_limit != nullptr) options_.series_limit->apply(batch, received);
  ledger_.receive(batch);
  const model::Ledger::Brought brought{.spans = batch.spans.size(),
                                       .evaluations = batch.evaluations.size(),
                                       .points = batch.points.size(),
                                       .events = batch.events.size()};
  if (brought.nothing()) {
    if (options_.span_metrics != nullptr && !batch.sampled_out.empty())
      options_.span_metrics->take(batch, {}, received);
    co_return store::Appended{};
  }
  Result<store::Appended> appended = co_await store_.append(store::encode(batch, received));
  if (appended) {
    ledger_.settle(*appended);
    if (options_.span_metrics != nullptr)
      options_.span_metrics->take(batch, appended->new_halves, received);
  } else {
    ledger_.refuse(brought, std::string(code_name(appended.error().code)));
  }
  co_return appended;
}

bool Pipeline::accept_stats(const model::TraceStats& stats, const Hash128& request) {
  return options_.span_metrics == nullptr || options_.span_metrics->take(stats, request, now());
}

}  // namespace catalejo::pipeline
