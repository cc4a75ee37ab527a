#include "store/clickhouse/query_pool.hpp"

#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::store {
namespace {

// The database ends a query after query_seconds_max by itself; this is for one that does not.
constexpr int kTimeoutMs = (limits::query_seconds_max + 5) * 1'000;

}  // namespace

QueryPool::QueryPool(const Endpoint& endpoint, Counters& counters)
    : shared_(limits::query_queue_max),
      brief_(limits::query_queue_max),
      queries_(counters.counter("catalejo_queries_total")),
      failures_(counters.counter("catalejo_queries_failed_total")) {
  add_threads(limits::query_threads, endpoint, shared_);
  add_threads(limits::brief_query_threads, endpoint, brief_);
}

void QueryPool::add_threads(int count, const Endpoint& endpoint, Queue& queue) {
  for (int i = 0; i < count; ++i)
    threads_.emplace_back([this, endpoint, &queue] {
      ClickHouse database(endpoint, kTimeoutMs);
      run(database, queue);
    });
}

QueryPool::~QueryPool() {
  stop();
}

void QueryPool::stop() {
  stopping_ = true;
  shared_.close();
  brief_.close();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

Future<Result<std::string>> QueryPool::query(std::string sql, QueryParameters parameters,
                                             Lane lane) {
  Promise<Result<std::string>> answer;
  Future<Result<std::string>> future = answer.future();
  Queue& queue = lane == Lane::brief ? brief_ : shared_;
  if (!queue.try_push({std::move(sql), std::move(parameters), answer}, 1))
    answer.set(stopping_ ? Error{Code::shutting_down, "the server is stopping"}
                         : Error{Code::busy, "too many queries are waiting; try again"});
  return future;
}

void QueryPool::run(ClickHouse& database, Queue& queue) {
  const QueryParameters settings = {
      {"max_execution_time", std::to_string(limits::query_seconds_max)}};
  while (auto job = queue.pop()) {
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
