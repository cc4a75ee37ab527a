// The native thread: what to do next, and doing it.
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <utility>

#include "fork_gate.hpp"
#include "last_words.hpp"
#include "release.hpp"
#include "sender.hpp"

namespace catalejo::tracer {
namespace {

using std::chrono::milliseconds;

constexpr auto kBackOffFirst = milliseconds(100);
constexpr auto kBackOffMax = milliseconds(30'000);
constexpr auto kBackOffInFlushMax = milliseconds(200);
constexpr int kRetryAfterSecondsMax = 60;
constexpr int kLongOutageFailures = 5;
constexpr auto kSpoolInterval = std::chrono::seconds(5);
// One bad event is looked for by halves: among 65 536 with so many requests more.
constexpr int kSplitsMax = 16;
constexpr int kRetryAfterFailures = 3;  // a flush does not wait for a server that is busy

// The longer it fails the rarer it is tried, and no two processes at the same time.
milliseconds back_off(int failing) {
  static thread_local std::minstd_rand random(
      static_cast<unsigned>(::getpid() ^ Clock::now().time_since_epoch().count()));
  const auto most =
      std::min<long long>(kBackOffFirst.count() << std::min(failing - 1, 12), kBackOffMax.count());
  return milliseconds(std::uniform_int_distribution<long long>(most / 2, most)(random));
}

}  // namespace

void Sender::run() {
  ::pthread_setname_np(::pthread_self(), "catalejo");
  for (;;) {
    Step step = next_step();
    if (step.what == Step::What::pause) return;
    if (step.what == Step::What::end) break;
    try {
      work(std::move(step));
    } catch (...) {  // no memory
      give_up_in_flight();
    }
    ask_for_release();
  }
  end_thread();
}

Sender::Step Sender::next_step() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const Clock::time_point now = Clock::now();
    if (std::exchange(hurry_, false)) next_attempt_ = now;
    if (pausing_) {
      running_ = false;
      paused_ = true;
      settled_cv_.notify_all();
      return Step{.what = Step::What::pause};
    }
    heed_signal();
    // Also when it is to end at once: what is left is encoded, and may go to the spool.
    if (used_ != target_) return Step{.what = Step::What::renew, .target = target_};
    if (should_end()) {
      if (aborted_ || speech_ != Speech::asked_for) return {};
      // What was queued is delivered; what this adds is, too, once heed_signal has stopped us
      // again.
      stopping_ = false;
      lock.unlock();
      speak(speech_);
      lock.lock();
      continue;
    }
    Clock::time_point wake = Clock::time_point::max();
    if (std::optional<Step> step = choose(now, wake)) {
      fill(*step);
      return std::move(*step);
    }
    asleep_ = !has_queued();
    if (wake == Clock::time_point::max()) {
      wake_.wait(lock);
    } else {
      wake_.wait_until(lock, wake);
    }
    asleep_ = false;
  }
}

// As `shutdown` would have it, for a handler that cannot take the mutex.
void Sender::heed_signal() {
  if (dying_ && !std::exchange(stopping_, true)) {
    failures_at_stop_ = failures_;
    next_attempt_ = Clock::now();
  }
  if (dying_at_once_) aborted_ = true;
}

bool Sender::queue_is_due(Clock::time_point now) const {
  return has_queued() &&
         (flushers_ > 0 || stopping_ || waiting_bytes_ >= target_->batch_bytes_max ||
          now >= oldest_ + milliseconds(target_->flush_interval_ms));
}

std::optional<Sender::Step> Sender::choose(Clock::time_point now, Clock::time_point& wake) const {
  using What = Step::What;
  const bool due = queue_is_due(now);
  const bool spooled = spool_ && !spool_->empty() && !stopping_;
  if (now >= next_attempt_) {
    if (!held_.empty()) return Step{.what = What::send_held};
    if (spooled && (failing_ > 0 || !due)) return Step{.what = What::send_spooled};
    if (due) return Step{.what = What::send_queued};
  } else if (due && held_.empty() && spool_ && failing_ > 0 && !spool_is_full_) {
    // In a long outage fewer and larger files.
    const Clock::time_point ripe = oldest_ + kSpoolInterval;
    const bool large = waiting_bytes_ >= target_->batch_bytes_max;
    if (failing_ < kLongOutageFailures || now >= ripe || large || flushers_ > 0 || stopping_) {
      return Step{.what = What::spool_queued};
    }
    wake = std::min(wake, ripe);
  }
  if (!held_.empty() || spooled || due) wake = std::min(wake, next_attempt_);
  if (has_queued() && !due) {
    wake = std::min(wake, oldest_ + milliseconds(target_->flush_interval_ms));
  }
  return std::nullopt;
}

// Moves one request's worth of events out of the queue.
void Sender::fill(Step& step) {
  if (step.what != Step::What::send_queued && step.what != Step::What::spool_queued) return;
  step.kind = queues_[0].empty() ? Kind::evaluation : Kind::span;
  std::deque<Item>& queue = queues_[index_of(step.kind)];
  std::size_t bytes = 0;
  while (!queue.empty() &&
         (bytes == 0 || bytes + queue.front().bytes <= target_->batch_bytes_max)) {
    bytes += queue.front().bytes;
    step.items.push_back(std::move(queue.front()));
    queue.pop_front();
  }
  waiting_bytes_ -= bytes;
  in_flight_ = Batch{.kind = step.kind, .events = step.items.size(), .bytes = bytes};
}

void Sender::work(Step step) {
  splits_left_ = kSplitsMax;
  switch (step.what) {
    case Step::What::renew:
      return renew(std::move(step.target));
    case Step::What::send_held: {
      Batch batch = std::move(held_.front());
      held_.pop_front();
      return send(std::move(batch));
    }
    case Step::What::send_spooled:
      return send(take_spooled());
    case Step::What::send_queued:
      return send(encode_step(step));
    case Step::What::spool_queued:
      return keep(encode_step(step));
    default:
      return;
  }
}

void Sender::renew(std::shared_ptr<const Target> target) {
  // First: where this fails, nothing is sent.
  redaction_ = Redaction::of(*target);
  auto courier = std::make_unique<Courier>(target, abort_);
  {
    const std::lock_guard gate(fork_gate());
    courier_.swap(courier);
  }
  const bool other_folder = spool_folder_ != target->spool_dir;
  used_ = std::move(target);
  if (redaction_ != nullptr && redaction_->must_tell())
    say("CATALEJO_REDACT: " + redaction_->trouble() + "; all texts are replaced");
  if (other_folder || !spool_) open_spool();
}

void Sender::open_spool() {
  std::string error;
  std::unique_ptr<Spool> spool;
  spool_folder_ = used_->spool_dir;
  if (!spool_folder_.empty()) {
    spool = Spool::open(spool_folder_, used_->spool_bytes_max, error);
    if (!spool) report(error);
  }
  const std::size_t found = spool ? spool->events() : 0;
  const std::size_t left = spool_ ? spool_->events() : 0;
  {
    const std::lock_guard gate(fork_gate());
    spool_.swap(spool);
  }
  spool_is_full_ = false;
  const std::lock_guard lock(mutex_);
  counts_.recovered += found;
  counts_.spooled += found;
  // In a folder that is no longer ours they wait for another process.
  counts_.spooled -= left;
  counts_.lost_by(Loss::shutdown) += left;
  if (!error.empty()) last_error_ = error;
}

Batch Sender::encode_step(Step& step) {
  LeftOut left_out;
  Batch batch =
      encode(step.kind, std::move(step.items), used_->tracer_version, redaction_, left_out);
  const std::size_t lost = left_out.too_large + left_out.failed;
  if (lost == 0 && left_out.redacted.empty()) return batch;
  const std::lock_guard lock(mutex_);
  count_redacted(left_out.redacted);
  if (lost == 0) return batch;
  counts_.lost_by(Loss::too_large) += left_out.too_large;
  counts_.lost_by(Loss::failed) += left_out.failed;
  settle(batch.kind, lost, 0);
  in_flight_.events = batch.events;
  return batch;
}

// What an earlier process has left may be of a time when nothing was redacted.
Batch Sender::take_spooled() {
  Batch batch = spool_->front();
  if (redaction_ == nullptr || !batch.adopted || batch.body.empty()) return batch;
  Struck struck;
  if (!redaction_->apply_to_all(batch.kind, batch.body, struck)) batch.body.clear();
  const std::lock_guard lock(mutex_);
  count_redacted(struck);
  return batch;
}

void Sender::count_redacted(const Struck& struck) {
  for (const auto& [rule, times] : struck) counts_.redacted[rule] += times;
}

void Sender::send(Batch batch) {
  if (batch.events == 0 || batch.body.empty()) {  // nothing but giants, or a damaged file
    if (batch.from_spool) spool_->drop_front();
    const std::lock_guard lock(mutex_);
    return lose(batch, Loss::failed);
  }
  const Outcome outcome = courier_->deliver(batch);
  if (!outcome.error.empty()) report(outcome.error);
  const bool again = outcome.verdict == Outcome::Verdict::retry;
  if (batch.from_spool && !again) {
    spool_->drop_front();
    spool_is_full_ = false;
  }
  const bool attempted = std::exchange(batch.attempted, true);
  const bool written = std::exchange(batch.written, batch.written || outcome.written);
  if (batch.from_spool && again) spool_->remember_written(batch.written);
  {
    const std::lock_guard lock(mutex_);
    route_ = courier_->route();
    last_error_ = outcome.error;
    if (outcome.requested) ++counts_.requests;
    if (outcome.requested && attempted) ++counts_.retries;
    if (batch.written && !written) counts_.sent += batch.events;
    if (again) count_failure(outcome.retry_after_s);
    if (!again) failing_ = 0;
    if (outcome.verdict == Outcome::Verdict::acknowledged) {
      counts_.acknowledged += batch.events;
      return finish(batch);
    }
  }
  if (again) {
    if (!batch.from_spool) keep(std::move(batch));
    return;
  }
  if (send_halves(batch, outcome)) return;
  const std::lock_guard lock(mutex_);
  lose(batch, Loss::refused);
}

// Of a batch that was refused for what is in it, all but the culprit may be welcome.
bool Sender::send_halves(const Batch& batch, const Outcome& outcome) {
  if (!outcome.content || batch.events < 2 || batch.starts.empty() || splits_left_ == 0) {
    return false;
  }
  --splits_left_;
  auto [left, right] = split(batch);
  send(std::move(left));
  send(std::move(right));
  return true;
}

void Sender::count_failure(int retry_after_s) {
  const int failures = retry_after_s > 0 ? kRetryAfterFailures : 1;
  failures_ += static_cast<std::uint64_t>(failures);
  failing_ += failures;
  milliseconds wait = back_off(failing_);
  if (flushers_ > 0 || stopping_) wait = std::min(wait, kBackOffInFlushMax);
  wait = std::max(wait, milliseconds(1'000) * std::min(retry_after_s, kRetryAfterSecondsMax));
  next_attempt_ = Clock::now() + wait;
  settled_cv_.notify_all();
}

// What could not be sent goes to the disk, or stays in memory until the next attempt.
void Sender::keep(Batch batch) {
  if (spool_ && !spool_is_full_) {
    if (spool_->store(batch)) {
      const std::lock_guard lock(mutex_);
      counts_.spooled += batch.events;
      return finish(batch);
    }
    spool_is_full_ = true;
  }
  const std::size_t events = batch.events, bytes = batch.bytes;
  held_.push_back(std::move(batch));
  const std::lock_guard lock(mutex_);
  leave_flight(events, bytes);
}

void Sender::settle(Kind kind, std::uint64_t events, std::size_t bytes) {
  counts_.queued -= events;
  settled_[index_of(kind)] += events;
  queued_bytes_ -= bytes;
  settled_cv_.notify_all();
}

void Sender::finish(const Batch& batch) {
  if (batch.from_spool) {
    counts_.spooled -= batch.events;
    settled_cv_.notify_all();
    return;
  }
  settle(batch.kind, batch.events, batch.bytes);
  leave_flight(batch.events, batch.bytes);
}

void Sender::lose(const Batch& batch, Loss reason) {
  counts_.lost_by(reason) += batch.events;
  finish(batch);
}

void Sender::give_up_in_flight() {
  const std::lock_guard lock(mutex_);
  if (in_flight_.events > 0) lose(in_flight_, Loss::failed);
}

// Of the batch in hand, or of a half of it.
void Sender::leave_flight(std::size_t events, std::size_t bytes) {
  in_flight_.events -= std::min(in_flight_.events, events);
  in_flight_.bytes -= std::min(in_flight_.bytes, bytes);
}

// What is left goes to the disk where there is one; otherwise it is lost, and counted.
void Sender::give_up_rest() {
  for (;;) {
    while (!held_.empty()) {
      const Batch left = std::move(held_.front());
      held_.pop_front();
      const bool stored = spool_ && spool_->store(left);
      const std::lock_guard lock(mutex_);
      if (stored) counts_.spooled += left.events;
      if (stored) settle(left.kind, left.events, left.bytes);
      if (!stored) lose(left, left.attempted ? Loss::unreachable : Loss::shutdown);
    }
    Step step{.what = Step::What::spool_queued};
    {
      const std::lock_guard lock(mutex_);
      if (!has_queued()) return;
      fill(step);
    }
    held_.push_back(encode_step(step));
  }
}

void Sender::end_thread() {
  try {
    give_up_rest();
  } catch (...) {  // no memory
    give_up_in_flight();
  }
  // Closed here: nothing of this thread may touch the network or OpenSSL once it has ended.
  std::unique_ptr<Courier> courier;
  std::unique_ptr<Spool> spool;
  {
    const std::lock_guard gate(fork_gate());
    courier.swap(courier_);
    // One with files in it stays ours: this process may start to send again.
    if (spool_ && spool_->empty()) spool.swap(spool_);
  }
  used_.reset();
  courier.reset();
  spool.reset();
  const std::lock_guard lock(mutex_);
  running_ = stopping_ = false;
  ++ends_;
  settled_cv_.notify_all();
}

void Sender::report(const std::string& error) {
  if (used_ && used_->debug) say(error);
}

void Sender::say(const std::string& text) const {
  const std::string line = "catalejo: " + text + "\n";
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

}  // namespace catalejo::tracer
