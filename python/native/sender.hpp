// The queue between the application's threads and the native one, which encodes and sends.
//
// One mutex guards what both sides share; it is held for a push or a few additions, never while
// anything is encoded, written or waited for. Objects of this class are never destroyed: the thread
// may outlive everything else of the process, and a forked child leaves its parent's object behind.
#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "batch.hpp"
#include "counts.hpp"
#include "courier.hpp"
#include "spool.hpp"
#include "target.hpp"
#include "wake.hpp"

namespace catalejo::tracer {

enum class Speech : std::uint8_t;  // last_words.hpp

class Sender {
 public:
  static Sender& current();  // a new one after a fork

  void configure(Target target);
  bool submit(Kind kind, TapePointer tape);  // a null tape: the capture failed
  bool flush(Clock::time_point deadline);
  bool shutdown(Clock::time_point deadline);
  Counts counts();
  std::string last_error();
  std::string route();
  void after_fork_in_child();  // gives back what the parent's queue holds
  void stay_ready();           // starts the native thread, though it has nothing to do yet
  // Called by the handler of a signal. False: not yet, the stopped thread is in the middle of
  // something here; it is sent the signal again when it is done.
  static bool deliver_before_death();

 private:
  // The mutex, on a thread of the application's. A signal that comes while it is held is dealt with
  // when it is not: the native thread could deliver nothing.
  class Held {
   public:
    explicit Held(Sender& sender);
    ~Held();
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    // As a condition variable's: false when the time is up.
    template <typename Condition>
    bool wait_until(Clock::time_point deadline, Condition condition);

   private:
    Sender& sender_;
    std::unique_lock<std::mutex> lock_;
  };

  bool ends_within(std::chrono::milliseconds time, unsigned ends) const;
  struct Step {
    enum class What : std::uint8_t {
      end,
      pause,
      renew,
      send_held,
      send_spooled,
      send_queued,
      spool_queued
    };
    What what = What::end;
    Kind kind = Kind::span;
    std::vector<Item> items = {};
    std::shared_ptr<const Target> target = {};
  };

  Sender();
  static void at_exit();
  static void prepare_fork();
  static void after_fork_in_parent();
  static int resume(void*);
  static void on_fork_in_child();

  // With the mutex held.
  void start_thread();
  bool is_settled(const std::uint64_t (&tickets)[kKinds]) const;
  bool keeps_failing_since(std::uint64_t failures) const;
  bool queue_is_due(Clock::time_point now) const;
  bool has_queued() const { return !queues_[0].empty() || !queues_[1].empty(); }
  bool should_end() const;
  void pause(std::unique_lock<std::mutex>& lock);
  std::optional<Step> choose(Clock::time_point now, Clock::time_point& wake) const;
  void fill(Step& step);
  void settle(Kind kind, std::uint64_t events, std::size_t bytes);
  void finish(const Batch& batch);
  void lose(const Batch& batch, Loss reason);
  void leave_flight(std::size_t events, std::size_t bytes);
  void count_failure(int retry_after_s);

  // On the native thread, the mutex not held.
  void run();
  Step next_step();
  void heed_signal();
  void work(Step step);
  void renew(std::shared_ptr<const Target> target);
  void open_spool();
  Batch encode_step(Step& step);
  Batch take_spooled();
  void count_redacted(const Struck& struck);
  void say(const std::string& text) const;
  void send(Batch batch);
  bool send_halves(const Batch& batch, const Outcome& outcome);
  void keep(Batch batch);
  void give_up_in_flight();
  void give_up_rest();
  void end_thread();
  void report(const std::string& error);

  std::mutex mutex_;                    // guards everything down to the line
  Wake wake_;                           // of the native thread
  std::condition_variable settled_cv_;  // of those who wait for it
  std::shared_ptr<const Target> target_;
  std::deque<Item> queues_[kKinds];
  std::size_t queued_bytes_ = 0;   // in flight included
  std::size_t waiting_bytes_ = 0;  // of the queues alone
  Clock::time_point oldest_;       // when the queues stopped being empty
  Counts counts_;
  std::uint64_t submitted_[kKinds] = {};  // into the queues
  std::uint64_t settled_[kKinds] = {};
  std::uint64_t failures_ = 0;  // attempts that failed, ever
  std::uint64_t failures_at_stop_ = 0;
  int failing_ = 0;  // attempts in a row
  Batch in_flight_;  // what the native thread has taken and not settled; without its body
  int flushers_ = 0;
  std::thread thread_;
  std::atomic<bool> running_ = false;
  // Of the handler of a signal, which may take no lock.
  std::atomic<bool> dying_ = false, dying_at_once_ = false;
  std::atomic<pthread_t> holder_ = {};     // of the mutex, one of the application's threads
  std::atomic<bool> told_to_die_ = false;  // while it held it
  std::atomic<Speech> speech_ = {};        // none
  std::atomic<unsigned> ends_ = 0;         // of the native thread; the next event starts another
  bool pausing_ = false;  // the thread is to end for a fork, with all it has left as it is
  bool paused_ = false;
  bool asleep_ = false;  // the native thread waits for the first event
  bool stopping_ = false;
  bool aborted_ = false;
  bool hurry_ = false;  // a flush began: the back-off is over
  std::string last_error_;
  std::string route_;
  std::shared_ptr<Abort> abort_;
  Sender* parent_ = nullptr;  // of before the fork
  // ---- the native thread's own ----
  std::shared_ptr<const Target> used_;
  Redaction* redaction_ = nullptr;  // of the target in use
  std::unique_ptr<Courier> courier_;
  std::unique_ptr<Spool> spool_;
  std::string spool_folder_;
  std::deque<Batch> held_;  // failed, wait in memory
  int splits_left_ = 0;     // of the batch in hand
  bool spool_is_full_ = false;
  Clock::time_point next_attempt_;
};

}  // namespace catalejo::tracer
