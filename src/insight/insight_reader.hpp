// Questions about two periods: coroutines, beside those of query/reader.hpp.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/task.hpp"
#include "insight/changes.hpp"
#include "insight/plans.hpp"
#include "query/cost_reader.hpp"

namespace catalejo::insight {

struct Group {
  std::string name;
  Figures before, now;  // of model calls
  Sums judged_before, judged_now;
};

struct Overview {
  Figures before, now;  // of model calls
  Sums judged_before, judged_now;
  Changes changes;
  std::map<Dim, std::vector<Group>> by;  // application, model, deployment, prompt: most calls first
};

class InsightReader {
 public:
  // Both outlive the reader and every task of it.
  InsightReader(store::Store& store, query::CostReader& costs) : store_(store), costs_(costs) {}

  Task<Result<Overview>> overview(Periods periods);
  Task<Result<ErrorGroups>> errors(Periods periods);
  Task<Result<std::vector<Outlier>>> outliers(Periods periods);

 private:
  Future<Result<std::string>> start(query::Statement statement);
  // With the stretches of time that can hold what is searched for, from `from` on.
  Task<Result<Periods>> narrowed(Periods periods, UnixNanos from);
  Task<Result<std::vector<Cell>>> cells(Periods periods);
  Task<Result<void>> explain(Periods periods, std::vector<Change>& changes);
  Task<Result<void>> add_costs(Periods periods, std::vector<Cell>& cells);

  store::Store& store_;
  query::CostReader& costs_;
};

}  // namespace catalejo::insight
