#include "monitor/watch.hpp"

#include <algorithm>
#include <chrono>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/task_blocking.hpp"
#include "monitor/happened.hpp"

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
    if (at_s <= done_s_ || !options_.sources.store->status().ready) continue;
    std::int64_t next = at_s - (limits::monitor_looks_late_max - 1) * options_.tick_s;
    if (!behind_) next = std::max(next, done_s_ + options_.tick_s);
    behind_ = false;
    // Minute by minute, so that a composite finds its members as they were.
    for (; next <= at_s && !stopping(); next += options_.tick_s) look_at_all(next, next == at_s);
    done_s_ = at_s;
    prune();
  }
}

std::shared_ptr<const Definition> Watch::definition_of(const store::Monitor& monitor) {
  Read& read = definitions_[monitor.id];
  if (read.modified == monitor.modified) return read.definition;
  read.modified = monitor.modified;
  read.name = monitor.name;
  read.definition.reset();
  auto definition = read_definition(monitor.body, /*lenient=*/true);
  if (definition)
    read.definition = std::make_shared<const Definition>(*std::move(definition));
  else
    log::warn("monitor", "monitor {} cannot be read: {}", monitor.id,
              to_string(definition.error()));
  return read.definition;
}

void Watch::look_at_all(std::int64_t at_s, bool newest) {
  auto monitors = options_.control->list();
  if (!monitors) {
    log::warn("monitor", "monitors cannot be read: {}", to_string(monitors.error()));
    behind_ = true;
    return;
  }
  // What cannot be read now stays as it was at the look before.
  if (const auto downtimes = options_.control->downtimes()) downtimes_.take(*downtimes);
  answers_->clear();
  std::erase_if(definitions_, [&](const auto& entry) {
    return std::ranges::find(*monitors, entry.first, &store::Monitor::id) == monitors->end();
  });
  for (const store::Monitor& monitor : *monitors) (void)definition_of(monitor);
  for (const bool composites : {false, true}) {
    for (const store::Monitor& monitor : *monitors) {
      if (stopping()) break;
      const auto definition = definition_of(monitor);
      if (!definition || !definition->is_watched() ||
          definition->composite.has_value() != composites ||
          !is_due(monitor, *definition, at_s, newest))
        continue;
      look_at(monitor, definition, at_s);
      if (looks_.size() >= limits::monitor_looks_at_once) keep();
      if (answers_->size() > kAnswersMax) answers_->clear();
    }
    keep();
  }
}

bool Watch::is_due(const store::Monitor& monitor, const Definition& definition, std::int64_t at_s,
                   bool newest) const {
  if (monitor.looked_s == 0) return newest;
  const std::int64_t pause = std::max(
      options_.tick_s, definition.pause_s() == 60 ? options_.tick_s : definition.pause_s());
  return monitor.looked_s + pause <= at_s;
}

Result<std::vector<Reading>> Watch::read(std::shared_ptr<const Definition> definition,
                                         std::int64_t at_s) {
  if (!definition->composite)
    return run_blocking(ask(options_.sources, std::move(definition), at_s, answers_));
  auto members = members_of(*definition->composite);
  if (!members) return members.error();
  return read_members(*definition->composite, *members, at_s);
}

Result<std::vector<Member>> Watch::members_of(const Composite& composite) {
  std::vector<Member> members;
  for (const std::int64_t id : composite.members) {
    const auto found = definitions_.find(id);
    const Definition* const definition =
        found == definitions_.end() ? nullptr : found->second.definition.get();
    if (const std::string wrong = no_member(id, definition); !wrong.empty())
      return Error{Code::bad_request, wrong, "query"};
    auto groups = options_.control->groups(id);
    if (!groups) return groups.error();
    members.push_back(
        {.name = found->second.name, .by = definition->by(), .groups = *std::move(groups)});
  }
  return members;
}

void Watch::look_at(store::Monitor monitor, std::shared_ptr<const Definition> definition,
                    std::int64_t at_s) {
  auto groups = options_.control->groups(monitor.id);
  if (!groups) {
    behind_ = true;
    return;
  }
  Known known{.monitor = std::move(monitor), .groups = *std::move(groups)};
  const auto readings = read(definition, at_s);
  options_.counters
      ->counter("catalejo_monitor_looks_total", label("outcome", readings ? "looked" : "failed"))
      .add();
  if (readings) {
    looks_.push_back(advance(options_.notices, *definition, known, *readings, at_s, &downtimes_));
  } else if (is_away(readings.error().code)) {
    // What is only away is asked again, with the time that was missed.
    behind_ = true;
  } else {
    looks_.push_back({.monitor = known.monitor.id,
                      .modified = known.monitor.modified,
                      .at_s = at_s,
                      .problem = readings.error().message});
  }
}

void Watch::tell_events() {
  std::vector<model::Event> events;
  for (const store::MonitorLook& look : looks_) {
    const auto found = definitions_.find(look.monitor);
    if (found == definitions_.end() || !found->second.definition) continue;
    for (model::Event& event :
         events_of(look, *found->second.definition, options_.notices.page_url))
      events.push_back(std::move(event));
  }
  if (!events.empty() && options_.on_events) options_.on_events(std::move(events));
}

void Watch::keep() {
  if (looks_.empty()) return;
  tell_events();
  std::size_t notices = 0;
  for (const store::MonitorLook& look : looks_) notices += look.notices.size();
  if (auto kept = options_.control->keep(looks_); !kept) {
    // The looks are made again.
    options_.counters->counter("catalejo_monitor_looks_total", label("outcome", "not_kept"))
        .add(looks_.size());
    log::error("monitor", "looks cannot be kept: {}", to_string(kept.error()));
    behind_ = true;
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
