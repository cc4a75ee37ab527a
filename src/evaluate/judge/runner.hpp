// Asks judges about spans: those that the engine offers as they come, and those that a person
// chose. A thread of its own and a bounded queue of ids, so that a deployment that is slow or away
// holds up nobody; a span that is not judged is counted with the reason. What a restart leaves in
// the queue is counted as such, and lost to a crash.
//
// From any thread, except stop().
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "base/limits.hpp"
#include "base/queue.hpp"
#include "base/task.hpp"
#include "evaluate/judge/caller.hpp"
#include "evaluate/judge/day_book.hpp"
#include "evaluate/judge/record.hpp"
#include "evaluate/judge/settings.hpp"
#include "evaluate/subject_reader.hpp"
#include "query/reader.hpp"
#include "store/judges.hpp"
#include "store/store.hpp"

namespace catalejo::evaluate::judge {

// The pointers are not owned and outlive the runner.
struct RunnerOptions {
  store::Judges* control = nullptr;
  store::Store* store = nullptr;
  Counters* counters = nullptr;
  // The pipeline: spans and evaluations of judges go the way of all others.
  std::function<Task<Result<store::Appended>>(model::Batch)> accept;
  Deployments deployments;
  int timeout_ms = limits::judge_timeout_ms;
};

// Where a stored span is.
struct Place {
  TraceId trace_id;
  SpanId span_id;
  UnixNanos start;
};

struct Trial {
  Call call;
  TraceId trace_id;  // of the call's own span
};

class Runner {
 public:
  // Errors are the control store's.
  static Result<std::unique_ptr<Runner>> open(RunnerOptions options);
  ~Runner() { stop(); }
  // Ends a call that is under way. offer() and run() are harmless from here on.
  void stop();

  // A span that is stored: for every published judge that means it. Never waits; copies ids only.
  void offer(const Subject& subject);
  // Whatever the judge's kinds, applications, search and sampling say. Gives how many of the spans
  // are in the queue; the others found it full. Error not_found when the judge is not published.
  Result<std::size_t> run(std::int64_t judge, const std::vector<Place>& places);
  // Asks at once, outside of every budget; waits for the answer. The verdict has no label.
  Trial try_out(const Settings& settings, const query::SpanRow& row);

  // Asks the published judge of that name about a row of an experiment, within the judge's budget
  // of a day, on the caller's thread; the call is ended when `stopped` says so. Errors: not_found
  // when none is published under the name; busy about "budget".
  Result<Trial> judge_row(const std::string& name, const query::SpanRow& row,
                          const azure::Stopped& stopped);
  // The calls that its day still has room for, nothing when that is without end. Error not_found.
  Result<std::optional<std::int64_t>> calls_left(const std::string& name);

  // After a change in the control store.
  Result<void> reload();
  std::map<std::int64_t, store::JudgeAmounts> today() { return book_.today(now()); }
  std::size_t waiting() const { return queue_.weight(); }
  const std::vector<std::string>& deployments() const { return options_.deployments.names; }

 private:
  struct Published {
    Author author;
    Settings settings;
  };
  using Snapshot = std::shared_ptr<const std::vector<Published>>;
  struct Job {
    std::int64_t judge = 0;
    Place place;
    bool chosen = false;  // by a person
    std::int64_t queued_ns = 0;
  };

  explicit Runner(RunnerOptions options);
  azure::Stopped stopped() const;
  Result<Published> find_published(const std::string& name) const;
  Snapshot published() const;
  bool enqueue(std::int64_t judge, const Place& place, bool chosen);
  void count(std::int64_t judge, std::string_view outcome);

  void work();
  // How it ended: "judged", or why it was not.
  std::string judge(const Job& job);
  Result<query::Rows<query::SpanRow>> read_span(const Place& place, const std::string& query);
  Result<bool> is_judged(const Author& author, const Place& place);
  std::string ask(const Published& judge, const query::SpanRow& row);
  template <typename Fill>
  bool keep(Fill fill);

  RunnerOptions options_;
  query::Reader reader_;
  DayBook book_;
  BoundedQueue<Job> queue_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;  // guards the next member
  Snapshot published_;
  // Of the thread:
  SubjectReader subjects_;
  Caller caller_;
  std::set<TraceId> recent_;  // evaluations that a query may not see yet
  std::thread thread_;
};

// Whether the judge means such a span, its search aside.
bool is_meant(const Settings& settings, std::int64_t judge, const Subject& subject);

}  // namespace catalejo::evaluate::judge
