// The thread that reads Azure's metrics into the store, round by round, and what it says of itself.
// Without a login it waits for one. From any thread, except stop().
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "azure/api.hpp"
#include "azure/crawl/collect.hpp"
#include "azure/crawl/problems.hpp"
#include "base/counters.hpp"
#include "store/azure_control.hpp"
#include "store/store.hpp"

namespace catalejo::azure {

// The pointers are not owned and outlive the crawler.
struct CrawlerOptions {
  store::AzureControl* control = nullptr;
  store::Store* store = nullptr;
  Counters* counters = nullptr;
  Accept accept;  // the pipeline
  Login login;    // of the settings; none = what control says
  std::string token_file;
  Endpoints endpoints;
  int interval_seconds = 120;
  int late_minutes = 30;
  int first_hours = 24;
  std::function<void()> on_points = {};  // after a round that read some; on the crawler's thread
};

struct CrawlerStatus {
  bool set_up = false;
  bool by_settings = false;  // the login, which then nobody changes here
  std::string auth, tenant, client;
  bool running = false;          // a round
  UnixNanos began, ended, next;  // 0 = not yet
  std::uint64_t rounds = 0, points = 0, corrected = 0;
  std::int64_t behind_seconds = 0;  // what is not read yet, of who is furthest back
  std::int64_t calls_left = -1;     // the least that Azure says of a bucket; -1 = nothing
  std::vector<NotedProblem> problems;
};

class Crawler {
 public:
  static Result<std::unique_ptr<Crawler>> open(CrawlerOptions options);
  ~Crawler() { stop(); }
  // Ends a call that is under way.
  void stop();

  void wake();  // a round now, with a look at what there is
  CrawlerStatus status() const;
  const CrawlerOptions& options() const { return options_; }

 private:
  explicit Crawler(CrawlerOptions options);
  void work();
  void round();
  // Another one than before makes everything anew.
  void take_login();
  bool find_inventory();
  bool wait_for_next();
  bool stopping() const;

  const CrawlerOptions options_;
  mutable std::mutex mutex_;  // guards the members up to the thread's own
  std::condition_variable changed_;
  bool stopping_ = false, woken_ = false;
  CrawlerStatus status_;
  // Of the thread:
  Collector collector_;
  Problems problems_;
  Login login_;
  std::unique_ptr<Api> api_;
  model::AzureInventory inventory_;
  std::int64_t found_ns_ = 0;  // when the inventory was read by this process
  bool look_again_ = true;
  std::thread thread_;
};

// What the control store has, with what the environment gives where it says nothing.
Login login_of(const store::AzureLogin& kept, const Login& given, const std::string& token_file);

}  // namespace catalejo::azure
