#include "evaluate/engine/engine.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <exception>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/task_blocking.hpp"
#include "evaluate/engine/logged_span.hpp"
#include "evaluate/registry.hpp"
#include "query/plans.hpp"
#include "query/recent_calls.hpp"

namespace catalejo::evaluate {
namespace {

constexpr std::int64_t kLookEvery = 200 * kNanosPerMilli;  // for new spans
constexpr std::int64_t kBackOffMin = 100 * kNanosPerMilli, kBackOffMax = 5 * kNanosPerSecond;
// Of a search that the database refuses; the spans go without that evaluator then.
constexpr int kFilterTriesMax = 3;
constexpr std::int64_t kRecalled = 24 * 3'600 * kNanosPerSecond;
constexpr int kPercentOfReading = 10;  // of one core, when all it does is to offer spans to judges
constexpr int kNice = 10;              // whoever answers a client goes first
constexpr std::string_view kSkipped = "catalejo_evaluation_skipped_total";

std::int64_t thread_cpu_nanos() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * kNanosPerSecond + time.tv_nsec;
}

// Options that were kept by another version may be none for this one: judged without them.
void configure(Seat& seat) {
  if (seat.settings.options.empty()) return;
  auto made = seat.evaluator->configured(seat.settings.options);
  if (!made)
    return log::error("evaluate", "the options of {}: {}", seat.evaluator->id(),
                      to_string(made.error()));
  seat.own = *std::move(made);
  seat.evaluator = seat.own.get();
}

bool may_pass(const Error& error) {
  return error.code != Code::bad_request && error.code != Code::timeout;
}

}  // namespace

Result<query::Filter> filter_of(const std::string& query, UnixNanos from, UnixNanos to) {
  query::Filter filter;
  filter.view = query::View::spans;
  filter.from = from;
  filter.to = to;
  if (!query.empty()) CATALEJO_TRY(filter.set_search(query, "query"));
  return filter;
}

Engine::Engine(EngineOptions options) : options_(options) {}

Engine::~Engine() {
  stop();
}

Result<void> Engine::start() {
  CATALEJO_TRY(load_seats());
  feed_ = options_.store->span_feed();
  if (feed_ == nullptr) return {};
  if (options_.percent <= 0 && options_.judges == nullptr) return feed_->leave();
  CATALEJO_TRY(feed_->begin());
  options_.counters->gauge("catalejo_evaluation_behind_bytes", "",
                           [this] { return static_cast<double>(feed_->behind_bytes()); });
  options_.counters->gauge("catalejo_evaluation_skipped_bytes", "",
                           [this] { return static_cast<double>(feed_->skipped_bytes()); });
  options_.counters->gauge("catalejo_evaluation_spans", "",
                           [this] { return static_cast<double>(spans_.load()); });
  options_.counters->gauge("catalejo_evaluation_cpu_seconds", "",
                           [this] { return static_cast<double>(cpu_ns_.load()) / 1e9; });
  if (options_.waiting != nullptr)
    options_.counters->gauge("catalejo_evaluation_waiting", "",
                             [this] { return static_cast<double>(options_.waiting->count()); });
  running_ = true;
  thread_ = std::thread([this] { run(); });
  return {};
}

void Engine::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  running_ = false;
}

Result<void> Engine::load_seats() {
  auto kept = options_.control->settings();
  if (!kept) return kept.error();
  const std::lock_guard lock(mutex_);
  seats_.clear();
  for (const Evaluator* evaluator : evaluators()) {
    const auto found =
        std::ranges::find(*kept, evaluator->id(), &store::EvaluatorSettings::evaluator);
    Seat seat{.evaluator = evaluator, .settings = {}};
    if (found != kept->end()) seat.settings = *found;
    seat.settings.evaluator = evaluator->id();
    configure(seat);
    seats_.push_back(std::move(seat));
  }
  return {};
}

EngineStatus Engine::status() const {
  EngineStatus status{.running = running_,
                      .spans = spans_,
                      .cpu_seconds = static_cast<double>(cpu_ns_) / kNanosPerSecond,
                      .problem = {}};
  if (running_) {
    status.behind_bytes = feed_->behind_bytes();
    status.skipped_bytes = feed_->skipped_bytes();
    if (options_.waiting != nullptr) status.waiting = options_.waiting->count();
  }
  const std::lock_guard lock(mutex_);
  status.problem = problem_;
  return status;
}

std::vector<Seat> Engine::seats() const {
  const std::lock_guard lock(mutex_);
  return seats_;
}

Tally Engine::tally(std::string_view evaluator) const {
  const std::lock_guard lock(mutex_);
  const auto found = tallies_.find(evaluator);
  return found == tallies_.end() ? Tally{} : found->second;
}

Result<void> Engine::set(store::EvaluatorSettings settings) {
  const Evaluator* evaluator = find_evaluator(settings.evaluator);
  if (evaluator == nullptr)
    return Error{Code::not_found, "there is no such evaluator", settings.evaluator};
  if (!settings.options.empty()) {
    auto made = evaluator->configured(settings.options);
    if (!made) return made.error();
  }
  auto filter = filter_of(settings.query, {}, {});
  if (!filter) return filter.error();
  CATALEJO_TRY(options_.control->put(std::move(settings)));
  return load_seats();
}

Result<std::int64_t> Engine::begin_run(const std::string& evaluator, UnixNanos from, UnixNanos to,
                                       const std::string& author) {
  const Evaluator* found = find_evaluator(evaluator);
  if (found == nullptr) return Error{Code::not_found, "there is no such evaluator", evaluator};
  if (!running_ || options_.percent <= 0)
    return Error{Code::bad_request, "evaluators are switched off", "evaluator"};
  store::EvaluatorRun pass{
      .evaluator = evaluator, .version = found->version(), .from = from, .to = to};
  pass.author = author;
  auto id = options_.control->add_run(std::move(pass));
  past_waits_ = true;
  return id;
}

Result<std::vector<store::EvaluatorSettings>> Engine::history(const std::string& evaluator) {
  if (find_evaluator(evaluator) == nullptr)
    return Error{Code::not_found, "there is no such evaluator", evaluator};
  return options_.control->history(evaluator);
}

void Engine::set_problem(std::string problem) {
  const std::lock_guard lock(mutex_);
  problem_ = std::move(problem);
}

void Engine::skip(std::string_view evaluator, std::string_view reason, std::uint64_t spans) {
  options_.counters
      ->counter(kSkipped, label("evaluator", evaluator) + "," + label("reason", reason))
      .add(spans);
  const std::lock_guard lock(mutex_);
  tallies_[std::string(evaluator)].skipped[std::string(reason)] += spans;
}

bool Engine::pause(std::int64_t nanos) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::nanoseconds(nanos), [&] { return stopping_; });
  return !stopping_;
}

void Engine::rest() {
  const std::int64_t cpu = thread_cpu_nanos() - cpu_rested_;
  const std::int64_t used = cpu + asked_ns_;
  if (used < kNanosPerMilli) return;
  asked_ns_ = 0;
  cpu_rested_ += cpu;
  cpu_ns_ += cpu;
  const int percent = options_.percent > 0 ? options_.percent : kPercentOfReading;
  if (percent < 100) pause(used * (100 - percent) / percent);
}

bool Engine::wait_for_store() {
  while (!options_.store->status().ready)
    if (!pause(kLookEvery)) return false;
  return true;
}

std::shared_ptr<const cost::PriceBook> Engine::book() const {
  return options_.prices == nullptr ? nullptr : options_.prices->current();
}

// What is usual is not kept: the newest calls say it again. Spans do not wait for a database that
// cannot tell, it is learnt from them then.
void Engine::recall_usual() {
  const UnixNanos from{now().value - kRecalled};
  auto body = wait_blocking(
      query::ask(*options_.store, query::plan_recent_calls(from, Window::kValuesMax)));
  Result<std::vector<query::SpanRow>> calls = std::vector<query::SpanRow>();
  if (body) calls = query::read_recent_calls(*body);
  if (!body || !calls)
    return log::warn("evaluate", "what is usual cannot be read: {}",
                     to_string(body ? calls.error() : body.error()));
  const auto prices = book();
  for (const query::SpanRow& call : *calls) live_.usuals().add(call, prices.get());
}

void Engine::run() {
  ::setpriority(PRIO_PROCESS, 0, kNice);  // of this thread alone
  cpu_rested_ = thread_cpu_nanos();
  if (wait_for_store()) recall_usual();
  while (wait_for_store()) {
    const bool came = judge_live();
    if (aborted_) break;
    const bool quiet = judge_quiet();
    if (aborted_) break;
    const bool past = past_waits_ && judge_past();
    rest();
    if (!pause(came || quiet || past ? 0 : kLookEvery)) break;
  }
}

bool Engine::judge_live() {
  const store::SpanFeed::Visitor visitor{
      .on_span = [this](std::uint8_t version, std::string_view row) { take_span(version, row); },
      .on_batch =
          [this](std::uint64_t position, const std::string& token) {
            judge_pending();
            finish_batch(position, token);
          }};
  auto read = feed_->read_on(visitor);
  if (read) return *read;
  set_problem("the log cannot be read: " + to_string(read.error()));
  feed_->rewind();
  pending_.clear();
  pending_bytes_ = 0;
  noticed_.clear();
  live_.forget();
  pause(kBackOffMax);
  return false;
}

// Copied: a batch is longer than what the feed has in memory.
void Engine::take_span(std::uint8_t version, std::string_view row) {
  if (aborted_) return;
  pending_.push_back({version, std::string(row)});
  pending_bytes_ += row.size();
  if (pending_.size() >= limits::judged_spans_max || pending_bytes_ >= limits::judged_bytes_max)
    judge_pending();
}

void Engine::judge_pending() {
  if (aborted_ || pending_.empty()) return;
  active_ = seats();
  std::erase_if(active_, [this](const Seat& seat) {
    return !seat.settings.enabled || options_.percent <= 0;
  });
  std::vector<query::SpanRow> spans;
  for (const Pending& each : pending_) {
    auto span = read_logged_span(each.version, each.bytes);
    if (!span) skip("", "unreadable");
    // The other half of a span is its times; what is judged is what was said.
    if (span && span->has_llm()) spans.push_back(*std::move(span));
  }
  const auto searched = matching_of(spans);
  const auto prices = book();
  for (const query::SpanRow& span : spans) {
    if (aborted_) return;
    live_.seat(span, prices.get());
    if (options_.judges != nullptr) options_.judges->offer(live_.subject());
    if (span.ml_app == judge::kOwnApp) {  // its texts are those of the span that it was asked about
      skip("", "own_call");
      continue;
    }
    for (const Seat& seat : active_) {
      const auto found = searched.find(seat.settings.query);
      if (!is_wanted(seat, found == searched.end() ? nullptr : &found->second)) continue;
      seat.evaluator->scope() == Scope::span ? judge(seat) : notice(seat);
    }
    ++spans_;
  }
  pending_.clear();
  pending_bytes_ = 0;
  if (!store_evaluations(live_) || !keep_noticed()) return;
  rest();
}

bool Engine::is_wanted(const Seat& seat, const Matching* matching) {
  const Subject& subject = live_.subject();
  const auto leave_out = [&](std::string_view reason) {
    skip(seat.evaluator->id(), reason);
    return false;
  };
  if (!seat.settings.query.empty()) {
    if (matching == nullptr) return leave_out("search_failed");
    if (!matching->contains({subject.trace_id, subject.span_id})) return leave_out("out_of_scope");
  }
  const bool sampled = seat.evaluator->scope() == Scope::session
                           ? is_sampled(seat, subject.session_id)
                           : is_sampled(seat, subject.trace_id);
  return sampled || leave_out("sampled_out");
}

void Engine::judge(const Seat& seat) {
  const std::string_view id = seat.evaluator->id();
  const std::int64_t began = steady_now_nanos();
  Count count;
  try {
    count = live_.judge(seat);
  } catch (const std::exception& error) {
    log::error("evaluate", "{} failed at a span: {}", id, error.what());
    return skip(id, "failed");
  }
  const double took = static_cast<double>(steady_now_nanos() - began) / kNanosPerSecond;
  const std::lock_guard lock(mutex_);
  Tally& tally = tallies_[std::string(id)];
  tally.judged += count.judged;
  tally.failed += count.failed;
  tally.seconds += took;
}

// Each search once, whoever asks for it. One that fails for good is left out.
std::map<std::string, Engine::Matching> Engine::matching_of(
    const std::vector<query::SpanRow>& spans) {
  std::map<std::string, Matching> searched;
  if (spans.empty()) return searched;
  const auto [first, last] = query::times_of(spans);
  std::vector<SpanId> ids;
  ids.reserve(spans.size());
  for (const query::SpanRow& span : spans) ids.push_back(span.span_id);
  for (const Seat& seat : active_) {
    const std::string& text = seat.settings.query;
    if (text.empty() || searched.contains(text)) continue;
    auto filter = filter_of(text, first, last);
    int tries = 0;
    insist("what is judged cannot be looked up", [&]() -> Result<void> {
      if (!filter) return {};
      auto body = wait_blocking(query::ask(*options_.store, query::plan_matching(*filter, ids)));
      if (!body) {
        if (may_pass(body.error()) || ++tries < kFilterTriesMax) return body.error();
        log::error("evaluate", "the search \"{}\" of an evaluator fails: {}", text,
                   to_string(body.error()));
        return {};
      }
      auto found = query::read_matching(*body);
      if (found) searched.emplace(text, *std::move(found));
      return {};
    });
  }
  return searched;
}

// Evaluations first, then what was counted, then the position: a program that ends in between does
// it again, and each of these is known by its id or token.
void Engine::finish_batch(std::uint64_t position, const std::string& token) {
  if (aborted_ || !store_counts(live_, token, 0)) return;
  insist("the position in the log cannot be kept", [&] { return feed_->save(position); });
}

bool Engine::store_evaluations(Bench& bench) {
  const model::Batch batch = bench.take_evaluations();
  if (batch.evaluations.empty()) return !aborted_;
  return insist("evaluations cannot be stored", [&]() -> Result<void> {
    auto stored = wait_blocking(options_.store->append(store::encode(batch, now())));
    return stored ? Result<void>() : stored.error();
  });
}

bool Engine::store_counts(Bench& bench, const std::string& token, std::uint64_t run) {
  const Counts counts = bench.take_counts();
  if (counts.empty()) return !aborted_;
  const std::string sql = insert_counts_statement("evaluated:" + token);
  const std::string rows = encode_counts(counts, run);
  return insist("counts of evaluations cannot be stored",
                [&] { return options_.store->insert(sql, rows); });
}

bool Engine::insist(std::string_view what, const std::function<Result<void>()>& attempt) {
  for (std::int64_t delay = kBackOffMin;; delay = std::min(2 * delay, kBackOffMax)) {
    const Result<void> done = attempt();
    if (done) {
      if (delay > kBackOffMin) set_problem({});
      return true;
    }
    // The first failure may be a database that is just restarting.
    if (delay == 2 * kBackOffMin)
      log::warn("evaluate", "{}: {}; it will be tried again", what, to_string(done.error()));
    set_problem(fmt::format("{}: {}", what, done.error().message));
    if (!pause(delay) || done.error().code == Code::shutting_down) {
      aborted_ = true;
      return false;
    }
  }
}

}  // namespace catalejo::evaluate
