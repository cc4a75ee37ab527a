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
constexpr std::int64_t kSecond = kNanosPerSecond;
constexpr std::int64_t kDay = 86'400 * kSecond;
// From the time a request is stamped with to its rows in the log.
constexpr std::int64_t kSettled = 2 * kSecond;
// Looked at once more, for requests that took longer; nothing is added twice.
constexpr std::int64_t kOverlap = 60 * kSecond;
// Where nothing was found, the place is written down this often: each time is a sync of the disk.
constexpr std::int64_t kWritten = 60 * kSecond;
// A span that began longer before it came is not looked at: its time is not when it happened.
constexpr std::int64_t kLate = kDay;

std::int64_t day_of(UnixNanos time) {
  return time.value / kDay;
}

// Of a trace that came in parts there is one item.
std::vector<store::QueueItem> items_of(const std::vector<query::Arrival>& rows,
                                       const store::QueueRule& rule) {
  std::vector<store::QueueItem> items;
  for (const query::Arrival& row : rows) {
    const std::string trace = to_hex(row.trace_id.empty() ? row.apm_trace_id : row.trace_id);
    const std::string content = rule.type == "session" ? row.session_id
                                : rule.type == "span"  ? trace + ":" + to_decimal(row.span_id)
                                                       : trace;
    auto item = make_item(rule.type, content);
    if (!item || !is_in_sample(item->content, rule.sample)) continue;
    item->added_by = rule.author;
    items.push_back(*std::move(item));
  }
  return items;
}

}  // namespace

QueueFiller::QueueFiller(store::Store& store, cost::Prices& prices, store::Queues& queues,
                         Counters& counters)
    : store_(store),
      costs_(store, prices),
      queues_(queues),
      added_(counters.counter("catalejo_queue_items_filled_total")),
      thread_([this] { run(); }) {}

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
  filter.to = query::shifted(to, limits::span_future_seconds_max * kSecond);
  return run_blocking(costs_.priced(std::move(filter)));
}

Result<std::optional<query::Arrival>> QueueFiller::fill_page(store::QueueRule& rule,
                                                             const query::ArrivalsPlan& plan) {
  query::Statement statement = query::plan_arrivals(plan);
  auto body =
      wait_blocking(store_.query(std::move(statement.sql), std::move(statement.parameters)));
  if (!body) return body.error();
  auto rows = query::read_arrivals(*body);
  if (!rows) return rows.error();
  const bool more = rows->size() == plan.rows_max;
  const std::int64_t day = day_of(plan.to);
  if (!more) rule.through = plan.to;
  std::vector<store::QueueItem> items = items_of(*rows, rule);
  Place& place = places_[rule.queue];
  if (!items.empty() || !rule.problem.empty() ||
      rule.through.value - place.written.value > kWritten) {
    rule.problem.clear();
    auto added = queues_.fill(rule, std::move(items), day);
    if (!added) return added.error();
    added_.add(static_cast<std::uint64_t>(*added));
    place.written = rule.through;
  }
  place.through = rule.through;
  if (!more) return std::optional<query::Arrival>();
  return std::optional<query::Arrival>(rows->back());
}

void QueueFiller::fill(store::QueueRule rule, UnixNanos to) {
  Place& place = places_[rule.queue];
  // Another rule than last time, or the first time.
  if (place.since != rule.since) place = {rule.since, rule.through, rule.through};
  rule.through = place.through;
  if (to <= rule.through) return;
  // What comes on a day that has had its share is passed by.
  if (rule.day == day_of(to) && rule.added_on_day >= rule.daily_max) {
    place.through = to;
    return;
  }
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
  }
  // What is only busy or away is asked again.
  if (outcome || outcome.error().code == Code::store_unavailable ||
      outcome.error().code == Code::busy || rule.problem == outcome.error().message)
    return;
  rule.problem = outcome.error().message;
  log::warn("queues", "queue {} is not filled: {}", rule.queue, to_string(outcome.error()));
  (void)queues_.fill(rule, {}, day_of(to));
}

}  // namespace catalejo::api
