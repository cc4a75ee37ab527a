#include "store/clickhouse/query_pool.hpp"

#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::store {
namespace {

// The database ends a query after query_seconds_max by itself; this is for one that does not.
constexpr int kTimeoutMs = (limits::query_seconds_max + 5) * 1'000;

}  // namespace

QueryPool::QueryPool(const Endpoint& endpoint, Counters& counters)
    : queue_(limits::query_queue_max),
      queries_(counters.counter("catalejo_queries_total")),
      failures_(counters.counter("catalejo_queries_failed_total")) {
  for (int i = 0; i < limits::query_threads; ++i)
    threads_.emplace_back([this, endpoint] {
      ClickHouse database(endpoint, kTimeoutMs);
      run(database);
    });
}

QueryPool::~QueryPool() {
  stop();
}

void QueryPool::stop() {
  stopping_ = true;
  queue_.close();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

Future<Result<std::string>> QueryPool::query(std::string sql, QueryParameters parameters) {
  Promise<Result<std::string>> answer;
  Future<Result<std::string>> future = answer.future();
  if (!queue_.try_push({std::move(sql), std::move(parameters), answer}, 1))
    answer.set(stopping_ ? Error{Code::shutting_down, "the server is stopping"}
                         : Error{Code::busy, "too many queries are waiting; try again"});
  return future;
}

void QueryPool::run(ClickHouse& database) {
  const QueryParameters settings = {
      {"max_execution_time", std::to_string(limits::query_seconds_max)}};
  while (auto job = queue_.pop()) {
    if (stopping_) {
      job->answer.set(Error{Code::shutting_down, "the server is stopping"});
      continue;
    }
    auto result = database.run(job->sql, job->parameters, settings);
    queries_.add();
    if (!result) {
      failures_.add();
      log::debug("store", "query failed: {}", to_string(result.error()));
    }
    job->answer.set(std::move(result));
  }
}

}  // namespace catalejo::store
