// Judges every span that comes, and any past ones that somebody asks for. One thread of its own
// that reads the log behind the database (store/span_feed.hpp), so that intake never waits for it
// and no span is left out or judged twice, however the program ended; it sleeps so that it takes
// its share of a core and no more. How results are kept: docs/decisions/031-evaluation-engine.md.
//
// From any thread, except start() and stop().
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "cost/prices.hpp"
#include "evaluate/engine/bench.hpp"
#include "evaluate/engine/gathered.hpp"
#include "evaluate/judge/runner.hpp"
#include "query/filter.hpp"
#include "query/matching.hpp"
#include "store/evaluators.hpp"
#include "store/span_feed.hpp"
#include "store/store.hpp"
#include "store/waiting_wholes.hpp"

namespace catalejo::evaluate {

struct EngineOptions {
  store::Store* store = nullptr;  // outlives the engine, and so do these
  store::Evaluators* control = nullptr;
  Counters* counters = nullptr;
  cost::Prices* prices = nullptr;  // without them no cost is compared
  // None: neither traces nor sessions are judged as they come.
  store::WaitingWholes* waiting = nullptr;
  int trace_quiet_seconds = 60, session_quiet_seconds = 600;  // until they are judged
  int percent = 50;                 // of one core that it may take; 0 = it judges nothing itself
  judge::Runner* judges = nullptr;  // is offered every span; none when there is nobody to ask
};

struct EngineStatus {
  bool running = false;
  std::uint64_t behind_bytes = 0;   // of the log, stored and not judged
  std::uint64_t skipped_bytes = 0;  // given up since the start, for being too far behind
  std::uint64_t spans = 0;          // judged since the start
  double cpu_seconds = 0;
  std::uint64_t waiting = 0;  // traces and sessions, until they are quiet
  std::string problem;
};

// What one evaluator did since the start.
struct Tally {
  std::uint64_t judged = 0, failed = 0;
  std::map<std::string, std::uint64_t, std::less<>> skipped;  // spans, by reason
  double seconds = 0;
};

class Engine {
 public:
  explicit Engine(EngineOptions options);
  ~Engine();
  Result<void> start();
  void stop();

  EngineStatus status() const;
  // All evaluators as they are set.
  std::vector<Seat> seats() const;
  Tally tally(std::string_view evaluator) const;
  // Checks, keeps, and from the next spans on obeys. Errors: not_found, bad_request.
  Result<void> set(store::EvaluatorSettings settings);
  // A pass of the evaluator's version of now. Errors: not_found, bad_request, busy.
  Result<std::int64_t> begin_run(const std::string& evaluator, UnixNanos from, UnixNanos to,
                                 const std::string& author);
  Result<std::vector<store::EvaluatorSettings>> history(const std::string& evaluator);
  Result<std::vector<store::EvaluatorRun>> runs() { return options_.control->runs(); }
  Result<void> cancel_run(std::int64_t id) { return options_.control->cancel_run(id); }

 private:
  struct Pending {
    std::uint8_t version = 0;
    std::string bytes;
  };
  using Matching = std::set<query::SpanKey>;
  using Wholes = std::vector<store::WaitingWhole>;

  Result<void> load_seats();
  void run();
  bool pause(std::int64_t nanos);  // false when stopping
  void rest();                     // so that the share is kept
  bool wait_for_store();
  void recall_usual();
  std::shared_ptr<const cost::PriceBook> book() const;
  // Whether there was something to do.
  bool judge_live();
  bool judge_past();

  void take_span(std::uint8_t version, std::string_view row);
  void judge_pending();
  bool is_wanted(const Seat& seat, const Matching* matching);
  void judge(const Seat& seat);
  std::map<std::string, Matching> matching_of(const std::vector<query::SpanRow>& spans);
  void finish_batch(std::uint64_t position, const std::string& token);

  Result<void> begin_pass(store::EvaluatorRun& run, const Seat& seat);
  Result<bool> judge_page(store::EvaluatorRun& run, const Seat& seat);
  Result<void> leave_out_stored(UnixNanos from, UnixNanos to);

  // Traces and sessions (wholes.cpp).
  void notice(const Seat& seat);
  bool keep_noticed();
  bool judge_quiet();
  void judge_due(const Wholes& wholes);
  Result<Count> judge_wholes(Bench& bench, const Seat& seat, const Wholes& wholes);
  Result<void> read_turns(const Seat& seat, const std::vector<Gathered*>& wholes);
  Result<bool> judge_whole_page(store::EvaluatorRun& run, const Seat& seat);
  Result<Wholes> first_mentioned(const query::Filter& filter, const Seat& seat,
                                 const std::vector<query::WholeMention>& page);
  // An answer of the database, whose time counts as the engine's own.
  Result<std::string> ask(query::Statement statement);

  // Until it is done; false when stopping.
  bool store_evaluations(Bench& bench);
  bool store_counts(Bench& bench, const std::string& token, std::uint64_t run);
  bool insist(std::string_view what, const std::function<Result<void>()>& attempt);
  void skip(std::string_view evaluator, std::string_view reason, std::uint64_t spans = 1);
  void set_problem(std::string problem);

  EngineOptions options_;
  store::SpanFeed* feed_ = nullptr;
  Bench live_, past_;
  std::vector<Pending> pending_;
  std::size_t pending_bytes_ = 0;
  std::vector<Seat> active_;  // as they were set when this slice was begun
  bool aborted_ = false;      // stopped within a batch
  std::int64_t cpu_rested_ = 0, asked_ns_ = 0;
  std::map<std::pair<std::string_view, std::string>, store::WaitingWhole> noticed_;
  std::int64_t looked_for_quiet_ = 0;
  SubjectReader turn_reader_;
  std::atomic<std::uint64_t> spans_{0};
  std::atomic<std::int64_t> cpu_ns_{0};
  std::atomic<bool> running_{false}, past_waits_{true};
  mutable std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  std::vector<Seat> seats_;
  std::map<std::string, Tally, std::less<>> tallies_;
  std::string problem_;
  bool stopping_ = false;
  std::thread thread_;
};

// What a search of settings means for spans that began between two times.
Result<query::Filter> filter_of(const std::string& query, UnixNanos from, UnixNanos to);

}  // namespace catalejo::evaluate
