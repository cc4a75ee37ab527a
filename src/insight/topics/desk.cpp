#include "insight/topics/desk.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "query/reader.hpp"

namespace catalejo::insight::topics {
namespace {

// Each different input is a call to a model that somebody pays for.
constexpr std::size_t kEmbeddedMax = 5'000;

std::int64_t steady_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

Error given_up_error() {
  return {Code::timeout, "nobody asked for these topics any more", ""};
}

}  // namespace

Result<Desk::Answer> Desk::ask(const std::string& key, const Periods& periods) {
  const std::lock_guard lock(mutex_);
  forget_old();
  auto found = jobs_.find(key);
  if (found == jobs_.end()) {
    const auto waiting =
        std::ranges::count_if(jobs_, [](const auto& entry) { return !entry.second->outcome; });
    if (static_cast<std::size_t>(waiting) >= limits::topic_jobs_max)
      return Error{Code::busy, "topics of other calls are being looked for; try again", ""};
    const JobPtr job = std::make_shared<Job>(periods);
    job->asked_ns = steady_ns();
    found = jobs_.emplace(key, job).first;
    start(key, job);
  }
  const JobPtr job = found->second;
  job->asked_ns = steady_ns();
  Answer answer{.periods = job->periods, .report = nullptr, .progress = job->progress};
  if (!job->outcome) return answer;
  if (!*job->outcome) {
    const Error error = job->outcome->error();
    jobs_.erase(found);
    return error;
  }
  answer.report = **job->outcome;
  return answer;
}

void Desk::start(const std::string& key, const JobPtr& job) {
  auto work = [this, key, job]() -> Result<void> {
    auto made =
        given_up(*job) ? Result<std::shared_ptr<const Report>>(given_up_error()) : make(*job);
    const std::lock_guard lock(mutex_);
    if (given_up(*job)) {
      const auto found = jobs_.find(key);
      if (found != jobs_.end() && found->second == job) jobs_.erase(found);
      return {};
    }
    job->finished_ns = steady_ns();
    job->outcome = std::move(made);
    return {};
  };
  (void)worker_.run(std::move(work));
}

// Called with the mutex held.
void Desk::forget_old() {
  const std::int64_t oldest = steady_ns() - limits::topic_report_seconds * kNanosPerSecond;
  std::erase_if(jobs_, [&](const auto& entry) {
    return entry.second->outcome && entry.second->finished_ns < oldest;
  });
  while (jobs_.size() >= limits::topic_reports_max + limits::topic_jobs_max) {
    const auto first = std::ranges::min_element(jobs_, {}, [](const auto& entry) {
      return entry.second->outcome ? entry.second->finished_ns
                                   : std::numeric_limits<std::int64_t>::max();
    });
    if (!first->second->outcome) return;
    jobs_.erase(first);
  }
}

bool Desk::given_up(const Job& job) const {
  return stopping_ || steady_ns() - job.asked_ns > limits::topic_lease_seconds * kNanosPerSecond;
}

Result<Sample> Desk::sample(const query::Filter& asked, const Job& job) {
  auto narrow = run_blocking(query::narrowed(store_, asked));
  if (!narrow) return narrow.error();
  const query::Filter filter = *std::move(narrow);
  const auto run = [&](query::Statement statement) {
    return wait_blocking(query::ask(store_, std::move(statement)));
  };
  const std::size_t wanted = embed_ ? kEmbeddedMax : limits::topic_inputs_max;
  auto pricing = run_blocking(costs_.pricing(filter.from, filter.to));
  if (!pricing) return pricing.error();
  auto counted = run(plan_call_count(filter));
  if (!counted) return counted.error();
  auto total = read_call_count(*counted);
  if (!total) return total.error();
  Sample sample{.calls = {}, .total = *total};
  if (*total == 0) return sample;
  if (given_up(job)) return given_up_error();
  auto rows = run(plan_calls(filter, *total, wanted));
  if (!rows) return rows.error();
  auto calls = read_calls(*std::move(rows), *pricing);
  if (!calls) return calls.error();
  sample.calls = *std::move(calls);
  if (given_up(job)) return given_up_error();
  auto judged = run(plan_judgements(filter, *total, wanted));
  if (!judged) return judged.error();
  CATALEJO_TRY(read_judgements(*judged, sample.calls));
  return sample;
}

Result<std::shared_ptr<const Report>> Desk::make(Job& job) {
  constexpr double kAsked = 0.3, kAskedBoth = 0.5;  // of all the work, the questions to the store
  auto now = sample(job.periods.filter, job);
  if (!now) return now.error();
  job.progress = kAsked;
  auto before = sample(job.periods.before(), job);
  if (!before) return before.error();
  job.progress = kAskedBoth;
  Work work;
  work.stopped = [this, &job] { return given_up(job); };
  work.progress = [&job](double done) { job.progress = kAskedBoth + (1 - kAskedBoth) * done; };
  work.embed = embed_;
  return std::make_shared<const Report>(report_of(*now, *before, work));
}

}  // namespace catalejo::insight::topics
