#include "api/queue_filler.hpp"

#include <algorithm>
#include <chrono>

#include "api/dataset_request.hpp"
#include "api/queues_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/task_blocking.hpp"
#include "query/saturate.hpp"

namespace catalejo::api {
namespace {

using std::chrono::seconds;

constexpr auto kPause = seconds(2);
// From the time a request is stamped with to its rows in the log.
constexpr std::int64_t kSettled = 2 * kNanosPerSecond;
// Looked at again, for requests that took longer and for what evaluators say after the span came.
constexpr std::int64_t kOverlap = 60 * kNanosPerSecond;
// What is looked at in one go, after a time without a database.
constexpr std::int64_t kStretch = 3'600 * kNanosPerSecond;
// A span that began longer before it came is not looked at: its time is not when it happened.
constexpr std::int64_t kLate = kNanosPerDay;

std::int64_t day_of(UnixNanos time) {
  return time.value / kNanosPerDay;
}

std::string content_of(const query::Arrival& row, const std::string& type) {
  if (type == "session") return row.session_id;
  std::string trace = to_hex(row.trace_id.empty() ? row.apm_trace_id : row.trace_id);
  return type == "span" ? trace + ":" + to_decimal(row.span_id) : trace;
}

// `seen` is until when the rows were looked at before.
store::RuleFound found_in(const std::vector<query::Arrival>& rows, const store::QueueRule& rule,
                          UnixNanos seen, std::int64_t day) {
  store::RuleFound found;
  found.day = day;
  for (const query::Arrival& row : rows) {
    const bool again = row.received_ms * kNanosPerMilli <= seen.value;
    auto made = make_item(rule.type, content_of(row, rule.type));
    if (!made) {
      found.unnamed += again ? 0 : 1;
    } else if (!is_in_sample(made->content, rule.sample)) {
      found.sampled_out += again ? 0 : 1;
    } else {
      made->added_by = rule.author;
      found.items.push_back(*std::move(made));
      found.seen_before += again ? 1 : 0;
    }
  }
  return found;
}

}  // namespace

QueueFiller::QueueFiller(store::Store& store, cost::Prices& prices, store::Queues& queues,
                         Counters& counters)
    : store_(store), costs_(store, prices), queues_(queues), counters_(counters), thread_([this] {
        run();
      }) {}

void QueueFiller::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool QueueFiller::wait() {
  std::unique_lock lock(mutex_);
  return !woken_.wait_for(lock, kPause, [this] { return stopping_; });
}

void QueueFiller::run() {
  while (wait()) {
    if (const auto to = settled()) fill_all(*to);
  }
}

// Until when everything that was received is in the database; nullopt while that is no later than
// last time.
std::optional<UnixNanos> QueueFiller::settled() {
  const store::StoreStatus status = store_.status();
  std::optional<UnixNanos> to;
  if (mark_ && status.rows_inserted >= mark_->rows_logged)
    to = UnixNanos{mark_->time.value - kSettled};
  if (!mark_ || to) mark_ = Mark{now(), status.rows_inserted + status.rows_waiting};
  if (!status.ready) return std::nullopt;
  return to;
}

void QueueFiller::fill_all(UnixNanos to) {
  auto rules = queues_.rules();
  if (!rules) {
    log::warn("queues", "rules cannot be read: {}", to_string(rules.error()));
    return;
  }
  std::erase_if(places_, [&](const auto& entry) {
    return std::ranges::find(*rules, entry.first, &store::QueueRule::queue) == rules->end();
  });
  for (store::QueueRule& rule : *rules) fill(std::move(rule), to);
}

Result<query::Filter> QueueFiller::filter_of(const store::QueueRule& rule, UnixNanos to) {
  auto plan = plan_of_list(rule.filter, query::Columns::line, 1);
  if (!plan) return plan.error();
  query::Filter filter = std::move(plan->filter);
  filter.from = query::shifted(rule.through, -kLate);
  filter.to = query::shifted(to, limits::span_future_seconds_max * kNanosPerSecond);
  return run_blocking(costs_.priced(std::move(filter)));
}

void QueueFiller::count(const store::RuleCounts& counts) {
  for (const auto& [outcome, number] : {std::pair{"added", counts.added},
                                        {"known", counts.known},
                                        {"sampled_out", counts.sampled_out},
                                        {"unnamed", counts.unnamed},
                                        {"over_day", counts.over_day},
                                        {"queue_full", counts.queue_full}})
    counters_.counter("catalejo_queue_rule_spans_total", label("outcome", outcome))
        .add(static_cast<std::uint64_t>(number));
}

Result<std::optional<query::Arrival>> QueueFiller::fill_page(store::QueueRule& rule,
                                                             const query::ArrivalsPlan& plan) {
  auto body = wait_blocking(query::ask(store_, query::plan_arrivals(plan)));
  if (!body) return body.error();
  auto rows = query::read_arrivals(*body);
  if (!rows) return rows.error();
  const bool more = rows->size() == plan.rows_max;
  Place& place = places_[rule.queue];
  store::RuleFound found = found_in(*rows, rule, place.through, day_of(plan.to));
  found.sampled_out += place.sampled_out;
  found.unnamed += place.unnamed;
  store::QueueRule after = rule;
  after.problem.clear();
  // A page that is full may end within a millisecond.
  after.through =
      more ? std::max(rule.through, UnixNanos{(rows->back().received_ms - 1) * kNanosPerMilli})
           : plan.to;
  const std::int64_t sampled_out = found.sampled_out, unnamed = found.unnamed;
  auto counts = queues_.fill(after, std::move(found));
  if (!counts) return counts.error();
  place.sampled_out = *counts ? 0 : sampled_out;
  place.unnamed = *counts ? 0 : unnamed;
  if (*counts) count(**counts);
  rule = std::move(after);
  if (!more) return std::optional<query::Arrival>();
  return std::optional<query::Arrival>(rows->back());
}

void QueueFiller::fill(store::QueueRule rule, UnixNanos to) {
  Place& place = places_[rule.queue];
  // Another rule than last time, or the first time.
  if (place.since != rule.since) place = {.since = rule.since, .through = rule.through};
  rule.through = place.through;
  to = std::min(to, query::shifted(rule.through, kStretch));
  if (to <= rule.through) return;
  Result<void> outcome;
  if (auto filter = filter_of(rule, to); !filter) {
    outcome = filter.error();
  } else {
    query::ArrivalsPlan plan{.filter = *std::move(filter),
                             .after = std::max(rule.since, query::shifted(rule.through, -kOverlap)),
                             .to = to,
                             .rows_max = limits::queue_add_max,
                             .behind = {}};
    do {
      auto next = fill_page(rule, plan);
      if (!next) outcome = next.error();
      plan.behind = next ? *next : std::nullopt;
    } while (plan.behind);
    place.through = rule.through;
  }
  // What is only busy or away is asked again.
  if (outcome || outcome.error().code == Code::store_unavailable ||
      outcome.error().code == Code::busy || rule.problem == outcome.error().message)
    return;
  rule.problem = outcome.error().message;
  log::warn("queues", "queue {} is not filled: {}", rule.queue, to_string(outcome.error()));
  (void)queues_.fill(rule, {.day = day_of(to)});
}

}  // namespace catalejo::api
