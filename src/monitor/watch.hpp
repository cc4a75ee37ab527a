// Looks at every monitor once a minute (those with windows of days less often). One thread. What a
// look leads to, and that it was made, is one transaction: after a crash it is made again, or it
// was made whole. Looks that a stop made it miss are made up for, the last few of them.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "monitor/look.hpp"

namespace catalejo::monitor {

struct WatchOptions {
  store::Store* store = nullptr;
  store::Monitors* control = nullptr;
  Counters* counters = nullptr;
  std::int64_t tick_s = 60;
  NoticeOptions notices;
  std::function<void()> on_notices;  // something is to be delivered
};

class Watch {
 public:
  // What is pointed to outlives it.
  explicit Watch(WatchOptions options);
  ~Watch() { stop(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  // Before the store stops.
  void stop();

 private:
  struct Read {
    UnixNanos modified;
    std::shared_ptr<const Definition> definition;  // nullptr: it cannot be read
  };

  void run();
  bool wait();  // false when it is time to end
  bool stopping();
  void look_at_all(std::int64_t at_s);
  void look_at(store::Monitor monitor, const Definition& definition, std::int64_t at_s);
  void keep();
  std::shared_ptr<const Definition> definition_of(const store::Monitor& monitor);
  void prune();

  const WatchOptions options_;
  std::map<std::int64_t, Read> definitions_;
  Downtimes downtimes_;
  std::shared_ptr<query::metrics::Answers> answers_;
  std::vector<store::MonitorLook> looks_;  // made, and not yet kept
  std::int64_t done_s_ = 0, pruned_s_ = 0;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable woken_;
  bool stopping_ = false;
  std::thread thread_;  // last, so that it begins when the others are there
};

}  // namespace catalejo::monitor
