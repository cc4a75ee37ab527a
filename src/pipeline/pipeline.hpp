// The one door into the store. Every translator hands its batch in here; when accept() answers
// without an error, everything in the batch is durable, and the ledger says what became of it.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/batch.hpp"
#include "model/ledger.hpp"
#include "pipeline/redact.hpp"
#include "pipeline/series_limit.hpp"
#include "pipeline/span_metrics.hpp"
#include "store/store.hpp"

namespace catalejo::pipeline {

struct PipelineOptions {
  int retention_days = 0;         // spans that are older are refused; 0 = none is
  int metric_retention_days = 0;  // and of events
  // They outlive the pipeline. Without the first texts are kept as they come, without the second
  // metrics may have any number of series, without the third none are made of spans.
  const Redaction* redaction = nullptr;
  SeriesLimit* series_limit = nullptr;
  SpanMetrics* span_metrics = nullptr;
};

class Pipeline {
 public:
  // They outlive the pipeline.
  Pipeline(store::Store& store, model::Ledger& ledger, PipelineOptions options = {})
      : store_(store), ledger_(ledger), options_(options) {}

  // Errors are the store's: busy, disk_full, shutting_down; the client may send the batch again.
  Task<Result<store::Appended>> accept(model::Batch batch);

  // Statistics that a tracer made, for the metrics of spans; `request` is a hash of what came, for
  // what comes twice counts once: then it is false.
  bool accept_stats(const model::TraceStats& stats, const Hash128& request);

  model::Ledger& ledger() { return ledger_; }

 private:
  store::Store& store_;
  model::Ledger& ledger_;
  PipelineOptions options_;
};

}  // namespace catalejo::pipeline
