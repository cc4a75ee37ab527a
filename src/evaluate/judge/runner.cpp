#include "evaluate/judge/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::evaluate::judge {
namespace {

constexpr std::size_t kRecentMax = 10'000;
constexpr int kKeepTries = 5;
constexpr auto kKeepPause = std::chrono::milliseconds(500);
constexpr std::int64_t kWaitMaxNanos =
    std::int64_t{limits::judge_wait_seconds_max} * kNanosPerSecond;

bool is_among(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

// Of a trace the same for all its spans, and for no two judges alike.
bool is_sampled(double share, std::int64_t judge, TraceId trace) {
  if (share >= 1) return true;
  return unit_of(hash128(fmt::format("judge {} {}", judge, to_hex(trace)))) < share;
}

}  // namespace

bool is_meant(const Settings& settings, std::int64_t judge, const Subject& subject) {
  return subject.ml_app != kOwnApp && subject.ml_app != kPlaygroundApp &&
         is_among(settings.kinds, subject.kind) && is_among(settings.apps, subject.ml_app) &&
         is_sampled(settings.sampling, judge, subject.trace_id);
}

Runner::Runner(RunnerOptions options)
    : options_(std::move(options)),
      reader_(*options_.store),
      book_(*options_.control),
      queue_(limits::judge_queue_max),
      published_(std::make_shared<const std::vector<Published>>()),
      caller_(options_.deployments, options_.timeout_ms, stopped()) {}

Result<std::unique_ptr<Runner>> Runner::open(RunnerOptions options) {
  std::unique_ptr<Runner> runner(new Runner(std::move(options)));
  CATALEJO_TRY(runner->book_.load(now()));
  CATALEJO_TRY(runner->reload());
  runner->options_.counters->gauge("catalejo_judge_waiting", {}, [queue = &runner->queue_] {
    return static_cast<double>(queue->weight());
  });
  runner->thread_ = std::thread([running = runner.get()] { running->work(); });
  return runner;
}

void Runner::stop() {
  stopping_ = true;
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

azure::Stopped Runner::stopped() const {
  return [this] { return stopping_.load(); };
}

Runner::Snapshot Runner::published() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

Result<void> Runner::reload() {
  auto judges = options_.control->all();
  if (!judges) return judges.error();
  std::vector<Published> all;
  for (const store::Judge& judge : *judges) {
    if (judge.version == 0) continue;
    auto settings = read_settings(judge.published);
    if (!settings) {  // of another version of the program
      log::warn("judge", "\"{}\" is not asked: {}", judge.name, to_string(settings.error()));
      continue;
    }
    all.push_back({{judge.id, judge.name, judge.version}, *std::move(settings)});
  }
  auto snapshot = std::make_shared<const std::vector<Published>>(std::move(all));
  const std::lock_guard lock(mutex_);
  published_ = std::move(snapshot);
  return {};
}

void Runner::count(std::int64_t judge, std::string_view outcome) {
  book_.add(judge, outcome, 1, now());
  options_.counters->counter("catalejo_judge_spans_total", label("outcome", outcome)).add();
}

bool Runner::enqueue(std::int64_t judge, const Place& place, bool chosen) {
  const bool queued = queue_.try_push(
      {.judge = judge, .place = place, .chosen = chosen, .queued_ns = steady_now_nanos()}, 1);
  if (!queued) count(judge, stopping_ ? "stopped" : "queue_full");
  return queued;
}

void Runner::offer(const Subject& subject) {
  if (options_.deployments.names.empty()) return;
  const Snapshot judges = published();
  const Place place{subject.trace_id, subject.span_id, subject.start};
  for (const Published& judge : *judges)
    if (is_meant(judge.settings, judge.author.id, subject)) enqueue(judge.author.id, place, false);
}

Result<std::size_t> Runner::run(std::int64_t judge, const std::vector<Place>& places) {
  const Snapshot judges = published();
  const auto is_it = [judge](const Published& each) { return each.author.id == judge; };
  if (std::ranges::none_of(*judges, is_it))
    return Error{Code::not_found, "there is no such judge, or it is not published",
                 fmt::format("{}", judge)};
  std::size_t queued = 0;
  for (const Place& place : places) queued += enqueue(judge, place, true) ? 1 : 0;
  return queued;
}

void Runner::work() {
  while (const auto job = queue_.pop()) {
    count(job->judge, stopping_ ? std::string("stopped") : judge(*job));
    if (auto saved = book_.save(); !saved)
      log::warn("judge", "what was spent is not kept: {}", to_string(saved.error()));
  }
  // What was offered and refused since.
  if (auto saved = book_.save(); !saved)
    log::warn("judge", "what was spent is not kept: {}", to_string(saved.error()));
}

std::string Runner::judge(const Job& job) {
  const Snapshot judges = published();
  const auto found = std::ranges::find_if(
      *judges, [&](const Published& each) { return each.author.id == job.judge; });
  if (found == judges->end()) return "unpublished";
  if (!job.chosen && steady_now_nanos() - job.queued_ns > kWaitMaxNanos) return "late";
  const std::string search = job.chosen ? "" : found->settings.query;
  auto rows = read_span(job.place, search);
  if (!rows) {
    log::warn("judge", "a span cannot be read: {}", to_string(rows.error()));
    return "store";
  }
  if (rows->rows.empty()) return search.empty() ? "not_found" : "out_of_scope";
  auto judged = is_judged(found->author, job.place);
  if (!judged) return "store";
  if (*judged) return "repeated";
  return ask(*found, rows->rows.front());
}

Result<query::Rows<query::SpanRow>> Runner::read_span(const Place& place,
                                                      const std::string& query) {
  query::ListPlan plan;
  plan.filter.view = query::View::spans;
  plan.filter.from = plan.filter.to = place.start;
  plan.filter.trace_id = place.trace_id;
  plan.filter.span_id = place.span_id;
  if (!query.empty()) CATALEJO_TRY(plan.filter.set_search(query, "query"));
  plan.columns = query::Columns::all;
  plan.rows_max = 1;
  auto page = run_blocking(reader_.list(std::move(plan)));
  if (!page) return page.error();
  return std::move(page->spans);
}

Result<bool> Runner::is_judged(const Author& author, const Place& place) {
  const TraceId id = evaluation_id(author, place.trace_id, place.span_id);
  if (recent_.contains(id)) return true;
  query::EvaluationTargets targets;
  targets.traces = {place.trace_id};
  auto found = run_blocking(reader_.evaluations(std::move(targets)));
  if (!found) return found.error();
  return std::ranges::any_of(found->rows, [&](const auto& row) { return row.id == id; });
}

// Pays once: what was answered is kept even when the store is busy for a moment.
template <typename Fill>
bool Runner::keep(Fill fill) {
  for (int attempt = 1;; ++attempt) {
    model::Batch batch;
    fill(batch);
    auto kept = run_blocking(options_.accept(std::move(batch)));
    if (kept) return true;
    if (attempt == kKeepTries || stopping_) {
      log::warn("judge", "what a judge said is not kept: {}", to_string(kept.error()));
      return false;
    }
    std::this_thread::sleep_for(kKeepPause);
  }
}

std::string Runner::ask(const Published& judge, const query::SpanRow& row) {
  const Subject& subject = subjects_.read(row);
  if (subject.ml_app == kOwnApp) return "own_call";
  const std::int64_t id = judge.author.id;
  if (!book_.take(id, judge.settings, now())) return "budget";
  const Call call = caller_.ask(judge.settings, subject);
  const Answer& answer = call.answer;
  book_.add(id, "tokens", answer.input_tokens + answer.output_tokens, now());
  const bool kept = call.sent.empty() || keep([&](model::Batch& batch) {
                      add_call(batch, judge.author, call, subject);
                      if (answer.verdict) add_evaluation(batch, judge.author, call, subject);
                    });
  if (!answer.verdict) {
    log::debug("judge", "no verdict of \"{}\": {}", judge.author.name,
               answer.verdict.error().message);
    return answer.verdict.error().where;
  }
  if (!kept) return "not_kept";
  if (recent_.size() >= kRecentMax) recent_.clear();
  recent_.insert(evaluation_id(judge.author, subject.trace_id, subject.span_id));
  if (answer.verdict->assessment == Assessment::fail) book_.add(id, "failed", 1, now());
  return "judged";
}

Trial Runner::try_out(const Settings& settings, const query::SpanRow& row) {
  SubjectReader subjects;
  const Subject& subject = subjects.read(row);
  Caller caller(options_.deployments, options_.timeout_ms, stopped());
  Trial trial{.call = caller.ask(settings, subject), .trace_id = {}};
  if (!trial.call.sent.empty()) {
    const Author author{.name = settings.definition.label};
    keep([&](model::Batch& batch) {
      trial.trace_id = add_call(batch, author, trial.call, subject);
    });
  }
  if (trial.call.answer.verdict) trial.call.answer.verdict->label = {};
  return trial;
}

Result<Runner::Published> Runner::find_published(const std::string& name) const {
  const Snapshot judges = published();
  const auto found = std::ranges::find_if(
      *judges, [&](const Published& each) { return each.author.name == name; });
  if (found != judges->end()) return *found;
  return Error{Code::not_found, fmt::format("there is no published judge \"{}\"", name), "judge"};
}

Result<std::optional<std::int64_t>> Runner::calls_left(const std::string& name) {
  auto judge = find_published(name);
  if (!judge) return judge.error();
  const Settings& settings = judge->settings;
  store::JudgeAmounts today = book_.today(now())[judge->author.id];
  if (settings.tokens_per_day > 0 && today["tokens"] >= settings.tokens_per_day)
    return std::optional<std::int64_t>(0);
  if (settings.calls_per_day == 0) return std::optional<std::int64_t>();
  return std::optional(std::max<std::int64_t>(0, settings.calls_per_day - today["calls"]));
}

Result<Trial> Runner::judge_row(const std::string& name, const query::SpanRow& row,
                                const azure::Stopped& stopped) {
  auto judge = find_published(name);
  if (!judge) return judge.error();
  const std::int64_t id = judge->author.id;
  if (!book_.take(id, judge->settings, now()))
    return Error{Code::busy, fmt::format("the judge \"{}\" has used up its budget of today", name),
                 "budget"};
  SubjectReader subjects;
  const Subject& subject = subjects.read(row);
  Caller caller(options_.deployments, options_.timeout_ms, stopped);
  Trial trial{.call = caller.ask(judge->settings, subject), .trace_id = {}};
  const Answer& answer = trial.call.answer;
  book_.add(id, "tokens", answer.input_tokens + answer.output_tokens, now());
  book_.add(
      id,
      answer.verdict ? std::string_view("judged") : std::string_view(answer.verdict.error().where),
      1, now());
  if (!trial.call.sent.empty())
    keep([&](model::Batch& batch) {
      trial.trace_id = add_call(batch, judge->author, trial.call, subject);
    });
  if (auto saved = book_.save(); !saved)
    log::warn("judge", "what was spent is not kept: {}", to_string(saved.error()));
  if (trial.call.answer.verdict) trial.call.answer.verdict->label = {};
  return trial;
}

}  // namespace catalejo::evaluate::judge
