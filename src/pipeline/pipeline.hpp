// The one door into the store. Every translator hands its batch in here; when accept() answers
// without an error, everything in the batch is durable, and the ledger says what became of it.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/batch.hpp"
#include "model/ledger.hpp"
#include "pipeline/redact.hpp"
#include "store/store.hpp"

namespace catalejo::pipeline {

class Pipeline {
 public:
  // They outlive the pipeline. What is older than `retention_days` is refused; 0 = nothing is.
  // Without `redaction` texts are kept as they come.
  Pipeline(store::Store& store, model::Ledger& ledger, int retention_days = 0,
           const Redaction* redaction = nullptr)
      : store_(store), ledger_(ledger), retention_days_(retention_days), redaction_(redaction) {}

  // Errors are the store's: busy, disk_full, shutting_down; the client may send the batch again.
  Task<Result<store::Appended>> accept(model::Batch batch);

  model::Ledger& ledger() { return ledger_; }

 private:
  store::Store& store_;
  model::Ledger& ledger_;
  int retention_days_;
  const Redaction* redaction_;
};

}  // namespace catalejo::pipeline
