// The one door into the store. Every translator hands its batch in here; when accept() answers
// without an error, everything in the batch is durable, and the ledger says what became of it.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/batch.hpp"
#include "model/ledger.hpp"
#include "store/store.hpp"

namespace catalejo::pipeline {

class Pipeline {
 public:
  // Both outlive the pipeline. What is older than `retention_days` is refused; 0 = nothing is.
  Pipeline(store::Store& store, model::Ledger& ledger, int retention_days = 0)
      : store_(store), ledger_(ledger), retention_days_(retention_days) {}

  // Errors are the store's: busy, disk_full, shutting_down; the client may send the batch again.
  Task<Result<store::Appended>> accept(model::Batch batch);

  model::Ledger& ledger() { return ledger_; }

 private:
  store::Store& store_;
  model::Ledger& ledger_;
  int retention_days_;
};

}  // namespace catalejo::pipeline
