#include "monitor/watch.hpp"

#include <algorithm>
#include <chrono>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::monitor {
namespace {

// Points of ten seconds are given on five seconds after those, and are in the database soon after.
constexpr std::int64_t kSettleSeconds = 20;
// Answers of one tick that are kept for monitors that ask the same.
constexpr std::size_t kAnswersMax = 500;

bool is_away(Code code) {
  return code == Code::store_unavailable || code == Code::busy || code == Code::timeout ||
         code == Code::shutting_down;
}

std::int64_t seconds_now() {
  return now().value / kNanosPerSecond;
}

}  // namespace

Watch::Watch(WatchOptions options)
    : options_(std::move(options)),
      answers_(std::make_shared<query::metrics::Answers>()),
      thread_([this] { run(); }) {}

void Watch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Watch::wait() {
  std::unique_lock lock(mutex_);
  return !woken_.wait_for(lock, std::chrono::milliseconds(500), [this] { return stopping_; });
}

bool Watch::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Watch::run() {
  while (wait()) {
    const std::int64_t settled = seconds_now() - std::min(kSettleSeconds, options_.tick_s / 3);
    const std::int64_t at_s = settled - settled % options_.tick_s;
    if (at_s <= done_s_ || !options_.store->status().ready) continue;
    look_at_all(at_s);
    done_s_ = at_s;
    prune();
  }
}

std::shared_ptr<const Definition> Watch::definition_of(const store::Monitor& monitor) {
  Read& read = definitions_[monitor.id];
  if (read.modified == monitor.modified) return read.definition;
  read.modified = monitor.modified;
  read.definition.reset();
  auto definition = read_definition(monitor.body, /*lenient=*/true);
  if (definition)
    read.definition = std::make_shared<const Definition>(*std::move(definition));
  else
    log::warn("monitor", "monitor {} cannot be read: {}", monitor.id,
              to_string(definition.error()));
  return read.definition;
}

void Watch::look_at_all(std::int64_t at_s) {
  auto monitors = options_.control->list();
  if (!monitors) {
    log::warn("monitor", "monitors cannot be read: {}", to_string(monitors.error()));
    return;
  }
  // What cannot be read now stays as it was at the look before.
  if (const auto downtimes = options_.control->downtimes()) downtimes_.take(*downtimes);
  answers_->clear();
  std::erase_if(definitions_, [&](const auto& entry) {
    return std::ranges::find(*monitors, entry.first, &store::Monitor::id) == monitors->end();
  });
  for (store::Monitor& monitor : *monitors) {
    if (stopping()) break;
    const auto definition = definition_of(monitor);
    if (!definition || !definition->query) continue;
    look_at(std::move(monitor), *definition, at_s);
    if (looks_.size() >= limits::monitor_looks_at_once) keep();
    if (answers_->size() > kAnswersMax) answers_->clear();
  }
  keep();
}

void Watch::look_at(store::Monitor monitor, const Definition& definition, std::int64_t at_s) {
  const std::int64_t pause = std::max(
      options_.tick_s, definition.pause_s() == 60 ? options_.tick_s : definition.pause_s());
  std::int64_t next = monitor.looked_s == 0 ? at_s : monitor.looked_s + pause;
  next = std::max(next, at_s - limits::monitor_looks_late_max * pause);
  if (next > at_s) return;
  auto groups = options_.control->groups(monitor.id);
  if (!groups) return;
  Known known{.monitor = std::move(monitor), .groups = *std::move(groups)};
  Counter& looked =
      options_.counters->counter("catalejo_monitor_looks_total", label("outcome", "looked"));
  Counter& failed =
      options_.counters->counter("catalejo_monitor_looks_total", label("outcome", "failed"));
  for (; next <= at_s && !stopping(); next += pause) {
    const auto readings = ask(*options_.store, definition, next, answers_);
    if (readings) {
      looks_.push_back(advance(options_.notices, definition, known, *readings, next, &downtimes_));
      looked.add();
      continue;
    }
    failed.add();
    // What is only away is asked again, with the time that was missed.
    if (is_away(readings.error().code)) return;
    looks_.push_back({.monitor = known.monitor.id,
                      .modified = known.monitor.modified,
                      .at_s = next,
                      .problem = readings.error().message});
  }
}

void Watch::keep() {
  if (looks_.empty()) return;
  std::size_t notices = 0;
  for (const store::MonitorLook& look : looks_) notices += look.notices.size();
  if (auto kept = options_.control->keep(looks_); !kept) {
    // The looks are made again.
    options_.counters->counter("catalejo_monitor_looks_total", label("outcome", "not_kept"))
        .add(looks_.size());
    log::error("monitor", "looks cannot be kept: {}", to_string(kept.error()));
    notices = 0;
  }
  looks_.clear();
  if (notices == 0) return;
  options_.counters->counter("catalejo_monitor_notices_total").add(notices);
  if (options_.on_notices) options_.on_notices();
}

void Watch::prune() {
  constexpr std::int64_t kHour = 3'600;
  if (done_s_ - pruned_s_ < kHour) return;
  pruned_s_ = done_s_;
  const UnixNanos before{now().value - limits::monitor_history_days * kNanosPerDay};
  if (auto pruned = options_.control->prune(before); !pruned)
    log::warn("monitor", "old events cannot be removed: {}", to_string(pruned.error()));
}

}  // namespace catalejo::monitor
