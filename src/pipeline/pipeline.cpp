#include "pipeline/pipeline.hpp"

#include <string>

#include "pipeline/normalise.hpp"

namespace catalejo::pipeline {

Task<Result<store::Appended>> Pipeline::accept(model::Batch batch) {
  const UnixNanos received = now();
  const std::int64_t kept = retention_days_ * kNanosPerDay;
  normalise(batch, {.received = received, .oldest = {kept > 0 ? received.value - kept : 0}});
  if (redaction_ != nullptr) redaction_->apply(batch);
  ledger_.receive(batch);
  const std::uint64_t spans = batch.spans.size();
  const std::uint64_t evaluations = batch.evaluations.size();
  if (spans == 0 && evaluations == 0) co_return store::Appended{};
  Result<store::Appended> appended = co_await store_.append(store::encode(batch, received));
  if (appended) {
    ledger_.settle(appended->spans, appended->evaluations);
  } else {
    ledger_.refuse(spans, evaluations, std::string(code_name(appended.error().code)));
  }
  co_return appended;
}

}  // namespace catalejo::pipeline
