// Where outlines of large traces are made, on a thread of its own (a million rows keep an event
// loop busy for too long), and kept for the next window, bounded by bytes.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/queue.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "query/outline.hpp"

namespace catalejo::query {

// An outline and what it was made of.
struct Shelved {
  TraceIds ids;
  OutlinePtr outline;
  std::vector<std::string> services;
  std::uint64_t rows_inserted = 0;  // of the store, when it was known to be complete
  std::int64_t checked_ns = 0;      // the same moment, by the steady clock
  std::int64_t made_in_ns = 0;      // how long that took
};

class OutlineShelf {
 public:
  OutlineShelf();
  ~OutlineShelf();
  OutlineShelf(const OutlineShelf&) = delete;
  OutlineShelf& operator=(const OutlineShelf&) = delete;

  // From any thread.
  std::optional<Shelved> find(TraceId id);
  // The one used longest ago goes first.
  void put(TraceId id, Shelved shelved);
  // `body` is the answer to plan_trace_shape(). Error busy when too much waits already.
  Future<Result<OutlinePtr>> make(std::string body);

 private:
  struct Job {
    std::string body;
    Promise<Result<OutlinePtr>> answer;
  };
  void run();

  BoundedQueue<Job> queue_;
  std::mutex mutex_;                              // guards the members below
  std::list<std::pair<TraceId, Shelved>> shelf_;  // used last first
  std::thread thread_;
};

}  // namespace catalejo::query
