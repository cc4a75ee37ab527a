// Where topics are asked for: finding them takes seconds, so a question is answered with how far it
// is until the answer is there, and whoever asks comes again. One thread does the work. Answers are
// kept for a few minutes; work that nobody has asked about for a while is given up.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/worker.hpp"
#include "insight/plans.hpp"
#include "insight/topics/report.hpp"
#include "query/cost_reader.hpp"

namespace catalejo::insight::topics {

class Desk {
 public:
  struct Answer {
    Periods periods;                       // as they were when it was first asked
    std::shared_ptr<const Report> report;  // null while it is being made
    double progress = 0;
  };

  // Store and costs outlive the desk. `embed` may be empty.
  Desk(store::Store& store, query::CostReader& costs, Embed embed)
      : store_(store), costs_(costs), embed_(std::move(embed)), worker_(limits::topic_jobs_max) {}
  ~Desk() { stopping_ = true; }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // From any thread, at once. `key` says what is asked. Error busy when too much is being asked; an
  // error of the work itself is told once, and the next one who asks starts anew.
  Result<Answer> ask(const std::string& key, const Periods& periods);

 private:
  struct Job {
    explicit Job(Periods given) : periods(std::move(given)) {}
    const Periods periods;
    std::atomic<double> progress{0};
    std::atomic<std::int64_t> asked_ns{0};  // last time, by the steady clock
    // Guarded by the mutex of the desk.
    std::optional<Result<std::shared_ptr<const Report>>> outcome;
    std::int64_t finished_ns = 0;
  };
  using JobPtr = std::shared_ptr<Job>;

  void start(const std::string& key, const JobPtr& job);
  void forget_old();
  bool given_up(const Job& job) const;
  Result<std::shared_ptr<const Report>> make(Job& job);
  Result<Sample> sample(const query::Filter& asked, const Job& job);

  store::Store& store_;
  query::CostReader& costs_;
  const Embed embed_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // guards jobs_ and the outcomes in it
  std::map<std::string, JobPtr> jobs_;
  Worker worker_;  // last, so that it ends first
};

}  // namespace catalejo::insight::topics
