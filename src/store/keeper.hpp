// The keeper: one thread that waits until the database answers, migrates it, opens the gate for
// the batcher, watches that it goes on answering, and drops days that are past the retention.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/clickhouse/client.hpp"

namespace catalejo::store {

struct KeeperOptions {
  Endpoint endpoint;
  int retention_days = 15, metric_retention_days = 457;
  Counters* counters = nullptr;        // outlives the keeper
  std::function<void(bool)> on_ready;  // on the keeper's thread, at each change
};

class Keeper {
 public:
  explicit Keeper(KeeperOptions options);
  ~Keeper();
  void start();
  void stop();
  bool ready() const { return ready_; }
  std::string problem() const;
  std::string version() const;  // of the database, empty until it is known

 private:
  void run();
  Result<void> bring_up();
  void retain();
  void set_ready(bool ready);
  bool pause(int milliseconds);  // false when stopping

  KeeperOptions options_;
  ClickHouse database_;
  std::int64_t retained_at_ = 0;  // steady, 0 = never
  std::atomic<bool> ready_{false};
  mutable std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  std::string problem_, version_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace catalejo::store
