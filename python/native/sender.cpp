// The side of the application's threads. The native thread's is in sender_thread.cpp.
#include "sender.hpp"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>

#include "fork_gate.hpp"
#include "last_words.hpp"
#include "release.hpp"
#include "terminate.hpp"
#include "tls.hpp"

namespace catalejo::tracer {
namespace {

// What an event costs beside its bytes.
constexpr std::size_t kItemBytes = 256;
// A flush ends after this many failed attempts in a row: an exit next to an agent that is down is
// not slow.
constexpr std::uint64_t kFlushFailuresMax = 3;
// After the deadline of a shutdown, for the thread to notice and to write what is left to disk.
constexpr auto kAbortTime = std::chrono::milliseconds(500);

// What SIGTERM may wait for a delivery, where the application has no handler for it.
constexpr auto kDeathTime = std::chrono::milliseconds(1'000);
// Of it for what Python says, after all else is delivered. The stopped thread may be in the middle
// of waiting for the interpreter's lock, and then nobody gets it: glibc's condition variables wait
// for each of their sleepers.
constexpr auto kSpeechTime = std::chrono::milliseconds(250);

// How long a fork waits for the thread to finish what it is doing.
constexpr auto kPauseTime = std::chrono::milliseconds(50);

Sender* newest = nullptr;  // only ever replaced by a fork's child

}  // namespace

Sender::Held::Held(Sender& sender) : sender_(sender), lock_(sender.mutex_) {
  sender_.holder_ = ::pthread_self();
}

Sender::Held::~Held() {
  sender_.holder_ = pthread_t{};
  const bool told = sender_.told_to_die_.exchange(false);
  lock_.unlock();
  if (told) ::raise(SIGTERM);
}

template <typename Condition>
bool Sender::Held::wait_until(Clock::time_point deadline, Condition condition) {
  while (!condition()) {
    sender_.holder_ = pthread_t{};
    if (sender_.told_to_die_.exchange(false)) {
      lock_.unlock();
      ::raise(SIGTERM);
      lock_.lock();
    }
    const std::cv_status status = sender_.settled_cv_.wait_until(lock_, deadline);
    sender_.holder_ = ::pthread_self();
    if (status == std::cv_status::timeout) return condition();
  }
  return true;
}

Sender::Sender() : target_(std::make_shared<const Target>()) {}

Sender& Sender::current() {
  static const bool made = [] {
    newest = new Sender;
    std::atexit(at_exit);
    before_tls_ends(at_exit);
    ::pthread_atfork(prepare_fork, after_fork_in_parent, on_fork_in_child);
    return true;
  }();
  static_cast<void>(made);
  return *newest;
}

// The process ends, and nobody said shutdown: the thread is told to stop, so that it uses nothing
// that the C library and OpenSSL are taking down. What it has goes to the spool, if there is one.
void Sender::at_exit() {
  newest->shutdown(Clock::now());
}

// A thread that is not there cannot hold a lock of the C library's while the child is made, and a
// process with one thread is not warned of forking (Python 3.12). One that is in the middle of a
// request is not waited for.
void Sender::pause(std::unique_lock<std::mutex>& lock) {
  if (!running_) return;
  pausing_ = true;
  wake_.notify_one();
  settled_cv_.wait_until(lock, Clock::now() + kPauseTime, [&] { return !running_; });
  pausing_ = false;
  if (!running_ && thread_.joinable()) thread_.join();
}

// Asked for after a fork: what the paused thread has left is not forgotten.
int Sender::resume(void*) {
  Sender& sender = current();
  const std::lock_guard lock(sender.mutex_);
  if (sender.paused_ && !sender.running_) sender.start_thread();
  return 0;
}

void Sender::prepare_fork() {
  {
    std::unique_lock lock(newest->mutex_);
    newest->pause(lock);
  }
  fork_gate().lock();
  newest->mutex_.lock();
  lock_release_for_fork();
}

void Sender::after_fork_in_parent() {
  unlock_release_after_fork();
  const bool has_work = newest->counts_.queued > 0 || newest->counts_.spooled > 0;
  const bool resumes = newest->paused_ && !newest->running_ && has_work;
  const bool is_main = ::gettid() == ::getpid();
  if (resumes && !is_main) newest->start_thread();
  newest->mutex_.unlock();
  fork_gate().unlock();
  // Not at once where this is the only thread: the interpreter counts them when this is over.
  if (resumes && is_main) call_later(resume);
}

// The locks are held by this very thread, and nobody else is here.
void Sender::on_fork_in_child() {
  unlock_release_after_fork();
  newest->mutex_.unlock();
  fork_gate().unlock();
  if (newest->courier_) newest->courier_->abandon_after_fork();
  if (newest->spool_) newest->spool_->abandon_after_fork();
  auto* child = new Sender;
  child->target_ = newest->target_;
  child->parent_ = newest;
  newest = child;
}

void Sender::after_fork_in_child() {
  if (parent_ == nullptr) return;
  // The rest of the parent's object stays as it is: its thread was in the middle of something.
  for (auto& queue : std::exchange(parent_, nullptr)->queues_) queue.clear();
}

void Sender::configure(Target target) {
  const Held held(*this);
  target_ = std::make_shared<const Target>(std::move(target));
  // What an earlier process has left on disk is sent without waiting for an event.
  if (!target_->spool_dir.empty() && !running_) start_thread();
  hurry_ = true;
  wake_.notify_one();
}

void Sender::stay_ready() {
  if (running_) return;
  const Held held(*this);
  if (!running_) start_thread();
}

void Sender::start_thread() {
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    if (thread_.joinable()) thread_.join();  // it has ended
    if (!abort_ || aborted_) abort_ = std::make_shared<Abort>();
    aborted_ = stopping_ = paused_ = false;
    dying_ = dying_at_once_ = false;
    speech_ = Speech::none;
    watch_sigterm();
    thread_ = std::thread([this] { run(); });
    running_ = true;
  } catch (...) {
    last_error_ = "the native thread cannot be started";  // tried again with the next event
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

bool Sender::submit(Kind kind, TapePointer tape) {
  const Held held(*this);
  ++counts_.submitted;
  if (!tape) {
    ++counts_.lost_by(Loss::failed);
    return false;
  }
  if (tape->json_bytes_min() > kEventBytesMax) {
    ++counts_.lost_by(Loss::too_large);
    return false;
  }
  if (stopping_) {
    ++counts_.lost_by(Loss::shutdown);
    return false;
  }
  const std::size_t bytes = tape->bytes() + kItemBytes;
  if (bytes > target_->queue_bytes_max - std::min(queued_bytes_, target_->queue_bytes_max)) {
    ++counts_.lost_by(Loss::queue_full);
    return false;
  }
  if (!has_queued()) oldest_ = Clock::now();
  queues_[index_of(kind)].push_back(Item{.tape = std::move(tape), .bytes = bytes});
  ++submitted_[index_of(kind)];
  ++counts_.queued;
  queued_bytes_ += bytes;
  waiting_bytes_ += bytes;
  if (!running_) {
    start_thread();
    return true;
  }
  const std::size_t enough = target_->batch_bytes_max;
  const bool just_enough = waiting_bytes_ >= enough && waiting_bytes_ - bytes < enough;
  if (std::exchange(asleep_, false) || just_enough) wake_.notify_one();
  return true;
}

bool Sender::is_settled(const std::uint64_t (&tickets)[kKinds]) const {
  return settled_[0] >= tickets[0] && settled_[1] >= tickets[1];
}

bool Sender::keeps_failing_since(std::uint64_t failures) const {
  return failures_ - failures >= kFlushFailuresMax &&
         failing_ >= static_cast<int>(kFlushFailuresMax);
}

bool Sender::flush(Clock::time_point deadline) {
  Held held(*this);
  const std::uint64_t tickets[kKinds] = {submitted_[0], submitted_[1]};
  const std::uint64_t lost = counts_.lost_all(), failures = failures_;
  if (is_settled(tickets) && counts_.spooled == 0) return true;
  if (!running_) start_thread();
  ++flushers_;
  hurry_ = true;
  wake_.notify_one();
  held.wait_until(deadline, [&] {
    return !running_ || keeps_failing_since(failures) ||
           (is_settled(tickets) && counts_.spooled == 0);
  });
  --flushers_;
  return is_settled(tickets) && counts_.spooled == 0 && counts_.lost_all() == lost;
}

bool Sender::shutdown(Clock::time_point deadline) {
  Held held(*this);
  const std::uint64_t lost = counts_.lost_all(), spooled = counts_.spooled;
  if (paused_ && !running_) start_thread();
  if (running_) {
    stopping_ = hurry_ = true;
    failures_at_stop_ = failures_;
    wake_.notify_one();
    const auto ended = [&] { return !running_; };
    if (!held.wait_until(deadline, ended)) {
      aborted_ = true;
      abort_->set();
      wake_.notify_one();
      held.wait_until(Clock::now() + kAbortTime, ended);
    }
  }
  if (!running_ && thread_.joinable()) thread_.join();
  return !running_ && counts_.queued == 0 && counts_.lost_all() == lost &&
         counts_.spooled <= spooled;
}

// Async-signal-safe: the thread that the signal stopped may hold any lock of others, the memory's
// for one, in which case the wait is for nothing, and ends.
bool Sender::deliver_before_death() {
  if (newest == nullptr || !newest->running_) return true;
  if (::pthread_equal(newest->holder_, ::pthread_self()) != 0) {
    newest->told_to_die_ = true;
    return false;
  }
  const unsigned ends = newest->ends_;
  newest->speech_ = may_speak() ? Speech::asked_for : Speech::none;
  newest->dying_ = true;
  newest->wake_.notify_one();
  if (newest->ends_within(kDeathTime, ends)) return true;
  newest->dying_at_once_ = true;
  newest->abort_->set();
  newest->wake_.notify_one();
  newest->ends_within(kAbortTime, ends);
  return true;
}

// Another thread that records something may have started the native thread again: the one that was
// told of the death has ended.
bool Sender::ends_within(std::chrono::milliseconds time, unsigned ends) const {
  const Clock::time_point begun = Clock::now(), end = begun + time;
  Clock::time_point speech_end = begun + kSpeechTime;
  const timespec moment = {.tv_sec = 0, .tv_nsec = 1'000'000};
  for (Clock::time_point now = begun; now < end; now = Clock::now()) {
    if (!running_ || ends_ != ends) return true;
    if (speech_ != Speech::goes_on) speech_end = now + kSpeechTime;
    if (now >= speech_end) return true;
    ::nanosleep(&moment, nullptr);
  }
  return !running_ || ends_ != ends;
}

bool Sender::should_end() const {
  if (!stopping_) return false;
  return aborted_ || keeps_failing_since(failures_at_stop_) || (!has_queued() && held_.empty());
}

Counts Sender::counts() {
  const Held held(*this);
  return counts_;
}

std::string Sender::last_error() {
  const Held held(*this);
  return last_error_;
}

std::string Sender::route() {
  const Held held(*this);
  return route_;
}

}  // namespace catalejo::tracer
