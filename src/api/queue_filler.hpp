// Fills queues by their rules: every few seconds it asks the database what came in since and adds
// what a rule finds. One thread. How far it has looked is kept with the rule, in the same
// transaction as what was added, so that a restart neither doubles nor skips; a span counts as come
// in once everything that was logged before it is in the database.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/counters.hpp"
#include "query/arrivals.hpp"
#include "query/cost_reader.hpp"
#include "store/queues.hpp"
#include "store/store.hpp"

namespace catalejo::api {

class QueueFiller {
 public:
  // All outlive the filler.
  QueueFiller(store::Store& store, cost::Prices& prices, store::Queues& queues, Counters& counters);
  ~QueueFiller() { stop(); }
  QueueFiller(const QueueFiller&) = delete;
  QueueFiller& operator=(const QueueFiller&) = delete;
  // What is being added is added. Before the store stops.
  void stop();

 private:
  // How far one rule has been looked at, and what was left out and is not yet written down.
  struct Place {
    UnixNanos since, through;
    std::int64_t sampled_out = 0, unnamed = 0;
  };
  struct Mark {
    UnixNanos time;
    std::uint64_t rows_logged = 0;
  };

  void run();
  bool wait();  // false when it is time to end
  std::optional<UnixNanos> settled();
  void count(const store::RuleCounts& counts);
  void fill_all(UnixNanos to);
  void fill(store::QueueRule rule, UnixNanos to);
  Result<query::Filter> filter_of(const store::QueueRule& rule, UnixNanos to);
  // Adds a page of what came after `place` and gives where the next begins; nullopt at the end.
  Result<std::optional<query::Arrival>> fill_page(store::QueueRule& rule,
                                                  const query::ArrivalsPlan& plan);

  store::Store& store_;
  query::CostReader costs_;
  store::Queues& queues_;
  Counters& counters_;
  std::map<std::string, Place> places_;  // by queue
  std::optional<Mark> mark_;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable woken_;
  bool stopping_ = false;
  std::thread thread_;  // last, so that it begins when the others are there
};

}  // namespace catalejo::api
