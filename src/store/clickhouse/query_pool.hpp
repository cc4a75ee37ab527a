// The threads that run queries: a bounded queue in front, each thread with its own connection.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "base/queue.hpp"
#include "base/task.hpp"
#include "store/clickhouse/client.hpp"

namespace catalejo::store {

class QueryPool {
 public:
  QueryPool(const Endpoint& endpoint, Counters& counters);
  ~QueryPool();
  Future<Result<std::string>> query(std::string sql, QueryParameters parameters);
  void stop();  // what waits is answered with shutting_down

 private:
  struct Job {
    std::string sql;
    QueryParameters parameters;
    Promise<Result<std::string>> answer;
  };
  void run(ClickHouse& database);

  BoundedQueue<Job> queue_;
  std::atomic<bool> stopping_{false};
  Counter& queries_;
  Counter& failures_;
  std::vector<std::thread> threads_;
};

}  // namespace catalejo::store
