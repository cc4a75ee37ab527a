// Questions about what deployments consume: coroutines, beside those of insight_reader.hpp.
#pragma once

#include "base/task.hpp"
#include "cost/prices.hpp"
#include "insight/economics/economics.hpp"
#include "store/store.hpp"

namespace catalejo::insight::economics {

// What the control store says of Azure.
struct Known {
  model::AzureInventory inventory;
  std::vector<store::AzurePosition> positions;
};

class EconomicsReader {
 public:
  // Both outlive the reader and every task of it.
  EconomicsReader(store::Store& store, cost::Prices& prices) : store_(store), prices_(prices) {}

  // `asked` as window_of() gives it; of an empty one nothing is known.
  Task<Result<Economics>> economics(Known known, Window asked);

 private:
  store::Store& store_;
  cost::Prices& prices_;
};

}  // namespace catalejo::insight::economics
