// Reads the metrics of accounts into the store: what is new since the position of each account and
// metric, and the minutes before it that Azure may have changed. A position moves when what lies
// before it is durable; whatever fails is asked again from there, up to as long ago as Azure keeps
// metrics. Who cannot be read does not hold up the others.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "azure/api.hpp"
#include "azure/crawl/points.hpp"
#include "azure/crawl/problems.hpp"
#include "base/counters.hpp"
#include "base/task.hpp"
#include "model/batch.hpp"
#include "store/azure_control.hpp"
#include "store/store.hpp"

namespace catalejo::azure {

using Accept = std::function<Task<Result<store::Appended>>(model::Batch)>;

struct CollectOptions {
  store::AzureControl* control = nullptr;
  store::Store* store = nullptr;
  Counters* counters = nullptr;
  Accept accept;
  std::int64_t late_seconds = 1'800;    // before a position, what is read again
  std::int64_t first_seconds = 86'400;  // of an account that is new
};

struct Collected {
  std::uint64_t points = 0, corrected = 0;
  std::int64_t behind_s = 0;  // since the oldest position; 0 = there is none
};

// From one thread at a time. The pointers are not owned and outlive it.
class Collector {
 public:
  explicit Collector(CollectOptions options) : options_(std::move(options)) {}

  // Errors are the control store's.
  Result<void> open();
  // One round over all of `inventory`. What was appended before it must be in the database.
  Collected round(Api& api, const model::AzureInventory& inventory, Problems& problems);

 private:
  using Accounts = std::vector<const model::AzureAccount*>;
  struct Read {
    MetricAnswer answer;
    const model::AzureAccount* account = nullptr;  // that it is about; none = it says so itself
  };
  // What is read in one go: metrics with the same dimensions, of accounts of one subscription,
  // region and kind that are equally far.
  struct Job {
    const Metrics* metrics = nullptr;
    MetricQuestion question;
    Accounts accounts;
  };
  struct Around;  // what a round has at hand

  const Metrics* metrics_for(Around& around, const Accounts& alike);
  void read_alike(Around& around, const Accounts& alike);
  void run(Around& around, Job job);
  bool run_window(Around& around, Job& job);
  std::vector<Read> ask(Around& around, Job& job);
  void check_whole(Around& around, const model::AzureAccount& account,
                   const std::vector<std::string>& metrics, const MetricAnswer& answer);
  void ask_by_one(Around& around, Job& job, std::vector<Read>& reads);
  void ask_one(Around& around, const model::AzureAccount& account, const MetricQuestion& question,
               std::vector<Read>& reads);
  void fail(Around& around, const model::AzureAccount& account, const Error& error);
  bool keep(Around& around, const Job& job, const std::vector<Read>& reads);
  bool advance(Around& around, const Job& job);
  std::int64_t since(const std::string& account, const std::string& metric,
                     const std::string& dimensions) const;
  std::int64_t start_of(const model::AzureAccount& account, const MetricQuestion& question,
                        std::int64_t now_s, Problems& problems) const;

  const CollectOptions options_;
  std::map<std::pair<std::string, std::string>, store::AzurePosition> positions_;
  struct Known {
    Metrics metrics;
    std::int64_t read_ns = 0;
  };
  std::map<std::string, Known> known_;             // by subscription, region and kind
  std::map<std::string, std::int64_t> by_one_ns_;  // where batches are refused, until when
};

}  // namespace catalejo::azure
