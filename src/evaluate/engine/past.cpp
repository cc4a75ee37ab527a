// Passes over the past: pages of spans, oldest first, each kept with how far it is.
#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/task_blocking.hpp"
#include "evaluate/engine/engine.hpp"
#include "query/plans.hpp"

namespace catalejo::evaluate {
namespace {

using store::EvaluatorRun;
using store::RunState;

}  // namespace

bool Engine::judge_past() {
  auto next = options_.control->next_run();
  if (!next) {
    set_problem("passes over the past cannot be read: " + to_string(next.error()));
    return false;
  }
  past_waits_ = next->has_value();
  if (!past_waits_) return false;
  EvaluatorRun& pass = **next;
  const std::vector<Seat> all = seats();
  const auto seat =
      std::ranges::find(all, pass.evaluator, [](const Seat& each) { return each.evaluator->id(); });
  Result<bool> went = false;
  if (seat == all.end() || seat->evaluator->version() != pass.version) {
    went = Error{Code::not_found, "this version of the evaluator is gone"};
  } else {
    auto begun = begin_pass(pass, *seat);
    const bool of_spans = seat->evaluator->scope() == Scope::span;
    if (!begun)
      went = begun.error();
    else
      went = of_spans ? judge_page(pass, *seat) : judge_whole_page(pass, *seat);
  }
  if (aborted_) return false;
  if (!went) {
    const bool again =
        went.error().code == Code::store_unavailable || went.error().code == Code::busy;
    pass.problem = went.error().message;
    if (!again) pass.state = RunState::failed;
    log::warn("evaluate", "pass {} of {}: {}", pass.id, pass.evaluator, pass.problem);
  } else if (*went) {
    pass.state = RunState::done;
  }
  auto kept = options_.control->save_run(pass);
  if (!kept) set_problem("a pass over the past cannot be kept: " + to_string(kept.error()));
  // Whatever failed is not tried again without a breath.
  return went && kept;
}

Result<void> Engine::begin_pass(EvaluatorRun& pass, const Seat& seat) {
  if (pass.state != RunState::waiting) return {};
  past_.usuals().forget();
  auto filter = filter_of(seat.settings.query, pass.from, pass.to);
  if (!filter) return filter.error();
  auto body = wait_blocking(query::ask(*options_.store, query::plan_span_count(*filter)));
  if (!body) return body.error();
  auto count = query::read_span_count(*body);
  if (!count) return count.error();
  pass.spans = static_cast<std::int64_t>(*count);
  pass.state = RunState::running;
  return {};
}

// True when it was the last page.
Result<bool> Engine::judge_page(EvaluatorRun& pass, const Seat& seat) {
  auto filter = filter_of(seat.settings.query, pass.from, pass.to);
  if (!filter) return filter.error();
  query::ListPlan plan;
  plan.filter = *std::move(filter);
  plan.order = query::Order::oldest_first;
  plan.columns = query::Columns::all;
  plan.rows_max = limits::judged_spans_max;
  if (pass.seen > 0)
    plan.after =
        query::Cursor{.start = pass.at, .span_id = pass.at_span, .trace_id = pass.at_trace};
  auto body = wait_blocking(query::ask(*options_.store, query::plan_list(plan)));
  if (!body) return body.error();
  auto page = query::read_span_rows(*std::move(body));
  if (!page) return page.error();
  if (page->rows.empty()) return true;
  const auto prices = book();
  for (const query::SpanRow& span : page->rows) {
    past_.seat(span, prices.get());
    if (!is_sampled(seat, span.trace_id)) continue;
    const Count count = past_.judge(seat);
    pass.judged += static_cast<std::int64_t>(count.judged);
    pass.failed += static_cast<std::int64_t>(count.failed);
  }
  const auto [first, last] = query::times_of(page->rows);
  CATALEJO_TRY(leave_out_stored(first, last));
  // The page is named by where it begins, so that a pass that was interrupted counts it once.
  const std::string token = fmt::format("run:{}:{}", pass.id, pass.seen);
  if (!store_evaluations(past_) || !store_counts(past_, token, static_cast<std::uint64_t>(pass.id)))
    return false;
  const query::SpanRow& end = page->rows.back();
  pass.at = end.start;
  pass.at_span = end.span_id;
  pass.at_trace = end.trace_id;
  pass.seen += static_cast<std::int64_t>(page->rows.size());
  pass.problem.clear();
  return page->rows.size() < limits::judged_spans_max;
}

// What was found when the span came, or by an earlier pass, is not said twice.
Result<void> Engine::leave_out_stored(UnixNanos from, UnixNanos to) {
  const std::vector<TraceId> ids = past_.evaluation_ids();
  if (ids.empty()) return {};
  auto body =
      wait_blocking(query::ask(*options_.store, query::plan_stored_evaluations(ids, from, to)));
  if (!body) return body.error();
  auto stored = query::read_stored_evaluations(*body);
  if (!stored) return stored.error();
  past_.leave_out(*stored);
  return {};
}

}  // namespace catalejo::evaluate
