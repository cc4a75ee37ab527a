// Traces and sessions: which are noticed as their spans come, which are due because nothing came of
// them for a while, and how a page of them is read and judged. Who waits is kept in control.sqlite
// before the position in the log is, and goes from there only when its verdict is stored: a program
// that ends in between does it again, to the same ids.
#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/task_blocking.hpp"
#include "evaluate/engine/engine.hpp"
#include "query/plans.hpp"

namespace catalejo::evaluate {
namespace {

using store::EvaluatorRun;
using store::WaitingWhole;

constexpr std::int64_t kLookForQuietEvery = kNanosPerSecond;
constexpr std::int64_t kBreath = kNanosPerSecond;  // after a question that failed

std::string name_of(Scope scope, TraceId trace, std::string_view session_id) {
  return scope == Scope::session ? std::string(session_id) : to_hex(trace);
}

query::WholesPlan plan_of(Scope scope, const std::vector<WaitingWhole>& wholes) {
  query::WholesPlan plan{
      .traces = {}, .sessions = {}, .from = wholes.front().first, .to = wholes.front().last};
  for (const WaitingWhole& whole : wholes) {
    if (scope == Scope::session) {
      plan.sessions.push_back(whole.name);
    } else {
      plan.traces.push_back(parse_trace_id(whole.name).value_or(TraceId{}));
    }
    plan.from = std::min(plan.from, whole.first);
    plan.to = std::max(plan.to, whole.last);
  }
  plan.from.value -= limits::whole_reaches_back_nanos;
  plan.to.value += limits::trace_slack_nanos;
  return plan;
}

// What is stored of one whole.
struct Earlier {
  UnixNanos newest;
  std::set<TraceId> ids;
};

std::map<std::string, Earlier> earlier_of(Scope scope,
                                          const std::vector<query::WholeVerdict>& verdicts) {
  std::map<std::string, Earlier> earlier;
  for (const query::WholeVerdict& verdict : verdicts) {
    Earlier& of_one = earlier[name_of(scope, verdict.trace_id, verdict.session_id)];
    of_one.ids.insert(verdict.id);
    of_one.newest = std::max(of_one.newest, UnixNanos{verdict.timestamp_ms * kNanosPerMilli});
  }
  return earlier;
}

bool may_pass(const Error& error) {
  return error.code == Code::store_unavailable || error.code == Code::busy ||
         error.code == Code::shutting_down;
}

}  // namespace

Result<std::string> Engine::ask(query::Statement statement) {
  const std::int64_t began = steady_now_nanos();
  auto body = wait_blocking(query::ask(*options_.store, std::move(statement)));
  asked_ns_ += steady_now_nanos() - began;
  return body;
}

// The span of live_ makes its trace or session wait on.
void Engine::notice(const Seat& seat) {
  const Subject& subject = live_.subject();
  const WholeEvaluator* evaluator = as_whole(*seat.evaluator);
  const Scope scope = seat.evaluator->scope();
  if (evaluator == nullptr || options_.waiting == nullptr) return;
  if (!evaluator->step_kind().empty() && subject.kind != evaluator->step_kind()) return;
  if (scope == Scope::session && subject.session_id.empty())
    return skip(evaluator->id(), "no_session");
  if (subject.session_id.size() > limits::whole_name_bytes_max && scope == Scope::session)
    return skip(evaluator->id(), "long_session_id");
  const int quiet =
      scope == Scope::session ? options_.session_quiet_seconds : options_.trace_quiet_seconds;
  std::string name = name_of(scope, subject.trace_id, subject.session_id);
  const auto [at, is_new] = noticed_.try_emplace(
      {evaluator->id(), name}, WaitingWhole{.evaluator = std::string(evaluator->id()),
                                            .name = name,
                                            .first = subject.start,
                                            .last = subject.start});
  WaitingWhole& whole = at->second;
  whole.first = std::min(whole.first, subject.start);
  whole.last = std::max(whole.last, subject.start);
  whole.due_ms = now().value / kNanosPerMilli + std::int64_t{quiet} * 1'000;
}

bool Engine::keep_noticed() {
  if (noticed_.empty()) return !aborted_;
  Wholes wholes;
  for (auto& [key, whole] : noticed_) wholes.push_back(std::move(whole));
  noticed_.clear();
  return insist("traces and sessions that wait cannot be kept", [&]() -> Result<void> {
    auto refused = options_.waiting->put(wholes);
    if (!refused) return refused.error();
    // Each had a span, whichever evaluator it was for.
    if (*refused > 0) skip("", "too_many_waiting", *refused);
    return {};
  });
}

// Whether there was something to do.
bool Engine::judge_quiet() {
  const std::int64_t time = steady_now_nanos();
  if (options_.waiting == nullptr || options_.percent <= 0 || time < looked_for_quiet_)
    return false;
  auto due = options_.waiting->due(now().value / kNanosPerMilli, limits::wholes_page);
  if (!due) set_problem("traces and sessions that wait cannot be read: " + to_string(due.error()));
  if (!due || due->empty()) {
    looked_for_quiet_ = time + kLookForQuietEvery;
    return false;
  }
  std::map<std::string, Wholes> by_evaluator;
  for (WaitingWhole& whole : *due) by_evaluator[whole.evaluator].push_back(std::move(whole));
  for (const auto& [evaluator, wholes] : by_evaluator) {
    judge_due(wholes);
    if (aborted_) return false;
  }
  return true;
}

void Engine::judge_due(const Wholes& wholes) {
  const std::string& id = wholes.front().evaluator;
  const std::vector<Seat> all = seats();
  const auto seat =
      std::ranges::find(all, id, [](const Seat& each) { return each.evaluator->id(); });
  if (seat == all.end() || !seat->settings.enabled || as_whole(*seat->evaluator) == nullptr) {
    skip(id, "switched_off", wholes.size());
  } else {
    auto count = judge_wholes(past_, *seat, wholes);
    if (aborted_) return;
    if (!count) {
      set_problem(fmt::format("{} cannot be judged by {}: {}", wholes.size(), id,
                              to_string(count.error())));
      past_.forget();
      // What the database cannot answer is asked no more; what is away comes back.
      if (may_pass(count.error())) {
        looked_for_quiet_ = steady_now_nanos() + kBreath;
        return;
      }
      log::warn("evaluate", "{} traces or sessions go without {}: {}", wholes.size(), id,
                to_string(count.error()));
      skip(id, "unreadable", wholes.size());
    } else {
      set_problem({});
    }
  }
  insist("traces and sessions that wait cannot be kept",
         [&] { return options_.waiting->remove(wholes); });
}

Result<Count> Engine::judge_wholes(Bench& bench, const Seat& seat, const Wholes& wholes) {
  const WholeEvaluator* evaluator = as_whole(*seat.evaluator);
  const Scope scope = evaluator->scope();
  const std::string_view id = evaluator->id();
  const query::WholesPlan plan = plan_of(scope, wholes);
  auto body = ask(query::plan_whole_steps(plan));
  if (!body) return body.error();
  auto steps = query::read_whole_steps(*std::move(body));
  if (!steps) return steps.error();
  body = ask(query::plan_whole_verdicts(plan, source_of(*evaluator)));
  if (!body) return body.error();
  auto verdicts = query::read_whole_verdicts(*std::move(body));
  if (!verdicts) return verdicts.error();
  auto gathered = gather(scope, steps->rows);
  if (gathered.size() < wholes.size()) skip(id, "gone", wholes.size() - gathered.size());
  std::vector<Gathered*> all;
  all.reserve(gathered.size());
  for (auto& [name, whole] : gathered) all.push_back(&whole);
  if (evaluator->reads_turns()) CATALEJO_TRY(read_turns(seat, all));
  const auto earlier = earlier_of(scope, verdicts->rows);
  Count total;
  const std::int64_t began = steady_now_nanos();
  for (auto& [name, whole] : gathered) {
    const auto known = earlier.find(name);
    const Earlier& before = known == earlier.end() ? Earlier{} : known->second;
    try {
      const Count count = bench.judge(seat, whole.whole(), before.newest, before.ids);
      total.judged += count.judged;
      total.failed += count.failed;
    } catch (const std::exception& error) {
      log::error("evaluate", "{} failed at {}: {}", id, name, error.what());
      skip(id, "failed");
    }
  }
  {
    const std::lock_guard lock(mutex_);
    Tally& tally = tallies_[std::string(id)];
    tally.judged += total.judged;
    tally.failed += total.failed;
    tally.seconds += static_cast<double>(steady_now_nanos() - began) / kNanosPerSecond;
  }
  if (!store_evaluations(bench)) return Error{Code::shutting_down, "stopping"};
  rest();
  return total;
}

// Some wholes at a time, so that no more texts are in memory than of a batch of spans.
Result<void> Engine::read_turns(const Seat& seat, const std::vector<Gathered*>& wholes) {
  for (std::size_t next = 0; next < wholes.size();) {
    std::vector<query::Cursor> keys;
    std::vector<std::pair<Gathered*, std::size_t>> places;
    std::size_t bytes = 0;
    do {
      Gathered& whole = *wholes[next++];
      if (whole.too_long() > 0) skip(seat.evaluator->id(), "long_turn", whole.too_long());
      for (std::size_t i = 0; i < whole.speakers().size(); ++i) {
        const Step& step = whole.speakers()[i];
        keys.push_back({.start = step.start, .span_id = step.span_id, .trace_id = step.trace_id});
        places.emplace_back(&whole, i);
      }
      bytes += whole.text_bytes();
    } while (next < wholes.size() &&
             bytes + wholes[next]->text_bytes() <= limits::judged_bytes_max);
    if (keys.empty()) continue;
    auto body = ask(query::plan_rows(keys, query::Columns::all));
    if (!body) return body.error();
    auto rows = query::read_span_rows(*std::move(body));
    if (!rows) return rows.error();
    std::map<query::SpanKey, const query::SpanRow*> found;
    for (const query::SpanRow& row : rows->rows)
      if (row.has_llm()) found.emplace(query::SpanKey{row.trace_id, row.span_id}, &row);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto row = found.find({keys[i].trace_id, keys[i].span_id});
      places[i].first->read_turn(turn_reader_, places[i].second,
                                 row == found.end() ? nullptr : row->second);
    }
  }
  return {};
}

// True when it was the last page. A whole is judged by the page that has its first span.
Result<bool> Engine::judge_whole_page(EvaluatorRun& pass, const Seat& seat) {
  auto filter = filter_of(seat.settings.query, pass.from, pass.to);
  if (!filter) return filter.error();
  std::optional<query::Cursor> after;
  if (pass.seen > 0)
    after = query::Cursor{.start = pass.at, .span_id = pass.at_span, .trace_id = pass.at_trace};
  auto body = ask(query::plan_whole_mentions(*filter, after, limits::judged_spans_max));
  if (!body) return body.error();
  auto page = query::read_whole_mentions(*std::move(body));
  if (!page) return page.error();
  if (page->rows.empty()) return true;
  auto wholes = first_mentioned(*filter, seat, page->rows);
  if (!wholes) return wholes.error();
  for (std::size_t from = 0; from < wholes->size(); from += limits::wholes_page) {
    const auto begin = wholes->begin() + static_cast<std::ptrdiff_t>(from);
    const std::size_t size = std::min(limits::wholes_page, wholes->size() - from);
    const Wholes some(begin, begin + static_cast<std::ptrdiff_t>(size));
    auto count = judge_wholes(past_, seat, some);
    if (!count) return count.error();
    pass.judged += static_cast<std::int64_t>(count->judged);
    pass.failed += static_cast<std::int64_t>(count->failed);
  }
  const query::Cursor& end = page->rows.back().at;
  pass.at = end.start;
  pass.at_span = end.span_id;
  pass.at_trace = end.trace_id;
  pass.seen += static_cast<std::int64_t>(page->rows.size());
  pass.problem.clear();
  return page->rows.size() < limits::judged_spans_max;
}

Result<Engine::Wholes> Engine::first_mentioned(const query::Filter& filter, const Seat& seat,
                                               const std::vector<query::WholeMention>& page) {
  const WholeEvaluator* evaluator = as_whole(*seat.evaluator);
  const Scope scope = evaluator->scope();
  const auto key = [](const query::Cursor& at) {
    return std::tuple(at.start, at.span_id, at.trace_id);
  };
  std::map<std::string, WaitingWhole> named;
  std::set<std::tuple<UnixNanos, SpanId, TraceId>> of_page;
  for (const query::WholeMention& mention : page) {
    if (!evaluator->step_kind().empty() && mention.kind != evaluator->step_kind()) continue;
    const std::string_view session = mention.session_id;
    if (scope == Scope::session &&
        (session.empty() || session.size() > limits::whole_name_bytes_max))
      continue;
    const bool sampled =
        scope == Scope::session ? is_sampled(seat, session) : is_sampled(seat, mention.at.trace_id);
    if (!sampled) continue;
    of_page.insert(key(mention.at));
    std::string name = name_of(scope, mention.at.trace_id, session);
    WaitingWhole& whole = named[name];
    whole.name = std::move(name);
    if (whole.first.value == 0) whole.first = mention.at.start;
    whole.last = mention.at.start;
  }
  Wholes all, first;
  for (auto& [name, whole] : named) all.push_back(std::move(whole));
  for (std::size_t from = 0; from < all.size(); from += limits::wholes_page) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
    const std::size_t size = std::min(limits::wholes_page, all.size() - from);
    const Wholes some(begin, begin + static_cast<std::ptrdiff_t>(size));
    auto body = ask(query::plan_whole_firsts(filter, plan_of(scope, some), evaluator->step_kind()));
    if (!body) return body.error();
    auto rows = query::read_whole_firsts(*std::move(body));
    if (!rows) return rows.error();
    std::set<std::string> here;
    for (const query::WholeMention& row : rows->rows)
      if (of_page.contains(key(row.at)))
        here.insert(name_of(scope, row.at.trace_id, row.session_id));
    for (const WaitingWhole& whole : some)
      if (here.contains(whole.name)) first.push_back(whole);
  }
  // What came of it after the time of the pass counts too: a part must not replace the whole.
  for (WaitingWhole& whole : first) whole.last.value += limits::whole_reaches_back_nanos;
  return first;
}

}  // namespace catalejo::evaluate
