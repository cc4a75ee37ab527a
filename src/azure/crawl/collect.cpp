#include "azure/crawl/collect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "azure/crawl/stored.hpp"
#include "azure/problem.hpp"
#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/task_blocking.hpp"

namespace catalejo::azure {
namespace {

using model::AzureAccount;

constexpr std::int64_t kMinute = 60;
// The newest minutes of a gauge change most.
constexpr std::int64_t kSettledSeconds = 300;
// So long a metric is asked for again that Azure refuses.
constexpr std::int64_t kRefusedSeconds = 3'600;
constexpr std::int64_t kDefinitionsNanos = 3'600 * kNanosPerSecond;
constexpr std::int64_t kByOneNanos = 3'600 * kNanosPerSecond;

std::string group_of(const AzureAccount& account) {
  return fmt::format("{} {} {}", account.subscription, account.region, account.kind);
}

std::string place_of(const AzureAccount& account) {
  return account.subscription + ' ' + account.region;
}

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ","));
}

}  // namespace

struct Collector::Around {
  Api& api;
  const Places& places;
  Problems& problems;
  std::int64_t now_s = 0;                                         // the minute that is not over yet
  std::set<const AzureAccount*> failed;                           // not asked again in this round
  std::set<std::pair<const AzureAccount*, std::string>> refused;  // in the newest window
  bool stopped = false;
  Collected collected;
};

Result<void> Collector::open() {
  auto positions = options_.control->positions();
  if (!positions) return positions.error();
  for (store::AzurePosition& position : *positions)
    positions_[{position.account, position.metric}] = position;
  return {};
}

Collected Collector::round(Api& api, const model::AzureInventory& inventory, Problems& problems) {
  const Places places(inventory);
  const std::int64_t second = now().value / kNanosPerSecond;
  Around around{
      .api = api, .places = places, .problems = problems, .now_s = second - second % kMinute};
  std::map<std::string, Accounts> alike;
  for (const AzureAccount& account : inventory.accounts)
    alike[group_of(account)].push_back(&account);
  for (const auto& [group, accounts] : alike) {
    if (around.stopped || api.http().stopped()) break;
    read_alike(around, accounts);
  }
  for (const AzureAccount& account : inventory.accounts) {
    const std::string id = lower_ascii(account.id);
    for (auto at = positions_.lower_bound({id, ""});
         at != positions_.end() && at->first.first == id; ++at)
      around.collected.behind_s =
          std::max(around.collected.behind_s, second - at->second.through_s);
  }
  return around.collected;
}

// Of the first account that says them: accounts of one kind have the same.
const Metrics* Collector::metrics_for(Around& around, const Accounts& alike) {
  Known& known = known_[group_of(*alike.front())];
  const bool fresh = known.read_ns > 0 && steady_now_nanos() - known.read_ns < kDefinitionsNanos;
  if (fresh) return &known.metrics;
  for (const AzureAccount* account : alike) {
    auto definitions = around.api.definitions_of(*account);
    if (definitions) {
      known.metrics = metrics_of(*definitions);
      known.read_ns = steady_now_nanos();
      return &known.metrics;
    }
    fail(around, *account, definitions.error());
    if (around.stopped) return nullptr;
    // The same would be said of the others.
    if (passes(definitions.error())) break;
  }
  return known.read_ns > 0 ? &known.metrics : nullptr;
}

void Collector::fail(Around& around, const AzureAccount& account, const Error& error) {
  around.problems.note(account.name, error);
  around.failed.insert(&account);
  around.stopped |= error.where == "stopped";
}

void Collector::read_alike(Around& around, const Accounts& alike) {
  const Metrics* metrics = metrics_for(around, alike);
  if (metrics == nullptr) return;
  std::map<std::pair<std::string, std::string>, MetricQuestion> questions;
  for (const auto& [key, metric] : *metrics) {
    const MetricDefinition& definition = metric.definition;
    MetricQuestion& question = questions[{definition.aggregation, joined(definition.dimensions)}];
    question.aggregation = definition.aggregation;
    question.dimensions = definition.dimensions;
    question.metrics.push_back(definition.rest_name);
  }
  for (const auto& [key, question] : questions) {
    for (std::size_t at = 0; at < question.metrics.size(); at += limits::azure_metrics_max) {
      MetricQuestion some = question;
      some.metrics.clear();
      for (std::size_t i = at;
           i < std::min(question.metrics.size(), at + limits::azure_metrics_max); ++i)
        some.metrics.push_back(question.metrics[i]);
      std::map<std::int64_t, Accounts> by_start;
      for (const AzureAccount* account : alike)
        by_start[start_of(*account, some, around.now_s, around.problems)].push_back(account);
      for (const auto& [start, accounts] : by_start) {
        some.from = {start * kNanosPerSecond};
        for (std::size_t i = 0; i < accounts.size(); i += limits::azure_batch_max) {
          const auto begin = accounts.begin() + static_cast<std::ptrdiff_t>(i);
          const std::size_t count = std::min(limits::azure_batch_max, accounts.size() - i);
          run(around, {.metrics = metrics,
                       .question = some,
                       .accounts = Accounts(begin, begin + static_cast<std::ptrdiff_t>(count))});
        }
      }
    }
  }
}

// Before what values of a metric are left alone. When Azure gives a metric one more dimension, what
// is stored of it cannot be compared with what comes now.
std::int64_t Collector::since(const std::string& account, const std::string& metric,
                              const std::string& dimensions) const {
  const auto at = positions_.find({account, metric});
  if (at == positions_.end()) return 0;
  return at->second.dimensions == dimensions ? at->second.since_s : at->second.through_s;
}

std::int64_t Collector::start_of(const AzureAccount& account, const MetricQuestion& question,
                                 std::int64_t now_s, Problems& problems) const {
  const std::string id = lower_ascii(account.id);
  const std::int64_t oldest = now_s - limits::azure_kept_seconds + kMinute;
  std::int64_t start = now_s;
  for (const std::string& metric : question.metrics) {
    const auto at = positions_.find({id, metric});
    if (at == positions_.end()) {
      start = std::min(start, now_s - options_.first_seconds);
      continue;
    }
    if (at->second.through_s < oldest)
      problems.note(account.name, problem("too_long_ago", {}, Code::out_of_range));
    start = std::min(start, at->second.through_s - options_.late_seconds);
  }
  start = std::max(start, oldest);
  return start - start % kMinute;
}

void Collector::run(Around& around, Job job) {
  const std::int64_t begin = job.question.from.value / kNanosPerSecond;
  for (std::int64_t from = begin; from < around.now_s;
       from += limits::azure_minutes_max * kMinute) {
    const std::int64_t to = std::min(around.now_s, from + limits::azure_minutes_max * kMinute);
    job.question.from = {from * kNanosPerSecond};
    job.question.to = {to * kNanosPerSecond};
    if (!run_window(around, job)) return;
  }
}

// False when nothing of it can go on.
bool Collector::run_window(Around& around, Job& job) {
  const auto drop_failed = [&] {
    std::erase_if(job.accounts,
                  [&](const AzureAccount* account) { return around.failed.contains(account); });
    return !job.accounts.empty() && !around.stopped;
  };
  if (!drop_failed()) return false;
  around.refused.clear();
  const std::vector<Read> reads = ask(around, job);
  if (!drop_failed()) return false;
  return keep(around, job, reads) && advance(around, job);
}

std::vector<Collector::Read> Collector::ask(Around& around, Job& job) {
  std::vector<Read> reads;
  const std::string place = place_of(*job.accounts.front());
  const auto by_one = by_one_ns_.find(place);
  if (by_one != by_one_ns_.end() && by_one->second > steady_now_nanos()) {
    ask_by_one(around, job, reads);
    return reads;
  }
  auto answer = around.api.batch(job.accounts, job.question);
  if (answer) {
    for (const AzureAccount* account : job.accounts)
      check_whole(around, *account, job.question.metrics, *answer);
    const bool one = job.accounts.size() == 1;
    reads.push_back({*std::move(answer), one ? job.accounts.front() : nullptr});
    return reads;
  }
  const std::string& why = answer.error().where;
  // Who may not read a whole subscription may read accounts of it; where the address of a region
  // cannot be reached, the Resource Manager may be.
  const bool refused = why == "unauthorized" || why == "denied" || why == "not_registered" ||
                       why == "not_found" || why == "unreachable";
  if (refused || why == "metric_refused" || why == "too_large") {
    if (refused) by_one_ns_[place] = steady_now_nanos() + kByOneNanos;
    if (options_.counters != nullptr)
      options_.counters->counter("catalejo_azure_batches_refused_total", label("problem", why))
          .add();
    log::info("azure", "accounts of {} are asked one by one: {}", place, answer.error().message);
    ask_by_one(around, job, reads);
    return reads;
  }
  for (const AzureAccount* account : job.accounts) fail(around, *account, answer.error());
  return reads;
}

// Azure names every metric that it was asked about, with values or without. An account that an
// answer leaves out has not been read; a metric alone may be left out for ever.
void Collector::check_whole(Around& around, const AzureAccount& account,
                            const std::vector<std::string>& metrics, const MetricAnswer& answer) {
  std::vector<std::string> left_out;
  for (const std::string& metric : metrics) {
    const std::string name = lower_ascii(metric);
    if (!answer.present.contains({lower_ascii(account.id), name}) &&
        !answer.present.contains({std::string(), name}))
      left_out.push_back(metric);
  }
  if (left_out.empty()) return;
  const std::string words =
      fmt::format("the answer leaves out {} of {} metrics", left_out.size(), metrics.size());
  if (left_out.size() == metrics.size()) {
    fail(around, account, problem("malformed", words));
    return;
  }
  around.problems.note(account.name, problem("malformed", words));
  for (const std::string& metric : left_out) around.refused.emplace(&account, metric);
}

void Collector::ask_by_one(Around& around, Job& job, std::vector<Read>& reads) {
  for (const AzureAccount* account : job.accounts) {
    if (around.stopped) return;
    ask_one(around, *account, job.question, reads);
  }
}

// In halves where the whole is too much, so that one metric that is refused leaves the others.
void Collector::ask_one(Around& around, const AzureAccount& account, const MetricQuestion& question,
                        std::vector<Read>& reads) {
  auto answer = around.api.metrics_of(account, question);
  if (answer) {
    check_whole(around, account, question.metrics, *answer);
    reads.push_back({*std::move(answer), &account});
    return;
  }
  const std::string& why = answer.error().where;
  const bool less = why == "metric_refused" || why == "too_large";
  const std::int64_t minutes =
      (question.to.value - question.from.value) / kNanosPerSecond / kMinute;
  if (less && question.metrics.size() > 1) {
    MetricQuestion first = question, second = question;
    const auto middle = static_cast<std::ptrdiff_t>(question.metrics.size() / 2);
    first.metrics.assign(question.metrics.begin(), question.metrics.begin() + middle);
    second.metrics.assign(question.metrics.begin() + middle, question.metrics.end());
    ask_one(around, account, first, reads);
    ask_one(around, account, second, reads);
  } else if (why == "too_large" && minutes > 1) {
    MetricQuestion first = question, second = question;
    first.to = second.from = {question.from.value + minutes / 2 * kMinute * kNanosPerSecond};
    ask_one(around, account, first, reads);
    ask_one(around, account, second, reads);
  } else if (less) {
    // It will be refused tomorrow, too.
    around.problems.note(fmt::format("{}: {}", account.name, question.metrics.front()),
                         answer.error());
  } else {
    fail(around, account, answer.error());
  }
}

bool Collector::keep(Around& around, const Job& job, const std::vector<Read>& reads) {
  const std::int64_t from = job.question.from.value / kNanosPerSecond;
  const std::int64_t to = job.question.to.value / kNanosPerSecond;
  const std::string dimensions = joined(job.question.dimensions);
  Wanted wanted;
  for (const Read& read : reads) {
    if (read.account != nullptr && around.failed.contains(read.account)) continue;
    for (const RefusedMetric& refused : read.answer.refused) {
      const AzureAccount* account =
          read.account != nullptr ? read.account : around.places.account(refused.resource_id);
      if (account == nullptr) continue;
      around.problems.note(fmt::format("{}: {}", account->name, refused.rest_name),
                           problem("metric_refused", refused.words));
      around.refused.emplace(account, refused.rest_name);
    }
    if (read.answer.most_series >= limits::azure_series_max)
      around.problems.note(joined(job.question.metrics), problem("series_cut", {}));
    gather(
        read.answer, *job.metrics, around.places, read.account, from, to,
        [&](const std::string& account, const std::string& metric) {
          return since(account, metric, dimensions);
        },
        wanted);
  }
  if (wanted.empty()) return true;
  const auto give_up = [&](const Error& error) {
    around.problems.note("store", problem("store_behind", to_string(error), error.code));
    around.stopped = true;
    return false;
  };
  auto stored = read_stored(*options_.store, job.accounts.front()->subscription, *job.metrics,
                            job.question.metrics, from, to);
  if (!stored) return give_up(stored.error());
  Missing found = missing(wanted, *stored, around.now_s - kSettledSeconds);
  for (std::size_t at = 0; at < found.points.size(); at += limits::batch_rows_max) {
    model::Batch batch;
    const std::size_t end = std::min(found.points.size(), at + limits::batch_rows_max);
    for (std::size_t i = at; i < end; ++i) batch.points.push_back(std::move(found.points[i]));
    batch.points_received = batch.points.size();
    const auto kept = run_blocking(options_.accept(std::move(batch)));
    if (!kept) return give_up(kept.error());
  }
  around.collected.points += found.points.size();
  around.collected.corrected += found.corrected;
  if (options_.counters != nullptr && found.gauges_changed > 0)
    options_.counters->counter("catalejo_azure_gauges_changed_total").add(found.gauges_changed);
  return true;
}

bool Collector::advance(Around& around, const Job& job) {
  const std::int64_t through = job.question.to.value / kNanosPerSecond;
  const std::int64_t begin = job.question.from.value / kNanosPerSecond;
  const bool recent = begin >= around.now_s - options_.late_seconds - kRefusedSeconds;
  std::vector<store::AzurePosition> moved;
  for (const AzureAccount* account : job.accounts) {
    for (const std::string& metric : job.question.metrics) {
      const std::string id = lower_ascii(account->id);
      const auto at = positions_.find({id, metric});
      const bool known = at != positions_.end();
      // A minute that is read again moves nothing.
      if (known && at->second.through_s >= through) continue;
      // It may be refused for a moment only.
      if (recent && around.refused.contains({account, metric})) continue;
      const std::string dimensions = joined(job.question.dimensions);
      const std::int64_t since_s = known ? since(id, metric, dimensions) : begin;
      moved.push_back({id, metric, dimensions, through, since_s});
    }
  }
  if (moved.empty()) return true;
  auto put = options_.control->put_positions(moved);
  if (!put) {
    around.problems.note("store",
                         problem("store_behind", to_string(put.error()), put.error().code));
    around.stopped = true;
    return false;
  }
  for (store::AzurePosition& position : moved)
    positions_[{position.account, position.metric}] = position;
  return true;
}

}  // namespace catalejo::azure
