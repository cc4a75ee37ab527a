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
#include "model/event.hpp"
#include "monitor/composite.hpp"
#include "monitor/look.hpp"

namespace catalejo::monitor {

struct WatchOptions {
  Sources sources;
  store::Monitors* control = nullptr;
  Counters* counters = nullptr;
  std::int64_t tick_s = 60;
  NoticeOptions notices;
  std::function<void()> on_notices;  // something is to be delivered
  // What changed, before it is kept: a look that is made again gives the same, with the same ids.
  std::function<void(std::vector<model::Event>)> on_events;
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
    std::string name;
    std::shared_ptr<const Definition> definition;  // nullptr: it cannot be read
  };

  void run();
  bool wait();  // false when it is time to end
  bool stopping();
  // What is due by `at_s`; composites last, for their members' sake. `newest`: monitors that were
  // never looked at begin here.
  void look_at_all(std::int64_t at_s, bool newest);
  void look_at(store::Monitor monitor, std::shared_ptr<const Definition> definition,
               std::int64_t at_s);
  bool is_due(const store::Monitor& monitor, const Definition& definition, std::int64_t at_s,
              bool newest) const;
  Result<std::vector<Reading>> read(std::shared_ptr<const Definition> definition,
                                    std::int64_t at_s);
  Result<std::vector<Member>> members_of(const Composite& composite);
  void keep();
  void tell_events();
  std::shared_ptr<const Definition> definition_of(const store::Monitor& monitor);
  void prune();

  const WatchOptions options_;
  std::map<std::int64_t, Read> definitions_;
  Downtimes downtimes_;
  std::shared_ptr<query::metrics::Answers> answers_;
  std::vector<store::MonitorLook> looks_;  // made, and not yet kept
  std::int64_t done_s_ = 0, pruned_s_ = 0;
  bool behind_ = true;  // a look may not have been made: after a start, or when one failed
  std::mutex mutex_;    // guards stopping_
  std::condition_variable woken_;
  bool stopping_ = false;
  std::thread thread_;  // last, so that it begins when the others are there
};

}  // namespace catalejo::monitor
