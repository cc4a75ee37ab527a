// The threads that run queries: a bounded queue in front of each lane, each thread with its own
// connection.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "base/queue.hpp"
#include "base/task.hpp"
#include "store/clickhouse/client.hpp"
#include "store/store.hpp"

namespace catalejo::store {

class QueryPool {
 public:
  QueryPool(const Endpoint& endpoint, Counters& counters);
  ~QueryPool();
  Future<Result<std::string>> query(std::string sql, QueryParameters parameters, Lane lane);
  void stop();  // what waits is answered with shutting_down

 private:
  struct Job {
    std::string sql;
    QueryParameters parameters;
    Promise<Result<std::string>> answer;
  };
  using Queue = BoundedQueue<Job>;
  void add_threads(int count, const Endpoint& endpoint, Queue& queue);
  void run(ClickHouse& database, Queue& queue);

  Queue shared_, brief_;
  std::atomic<bool> stopping_{false};
  Counter& queries_;
  Counter& failures_;
  std::vector<std::thread> threads_;
};

}  // namespace catalejo::store
