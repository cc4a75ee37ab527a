#include "evaluate/engine/bench.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.hpp"
#include "codec/json_writer.hpp"
#include "evaluate/engine/verdict_json.hpp"
#include "evaluate/evaluation.hpp"
#include "evaluate/registry.hpp"
#include "store/batch/row_binary.hpp"

namespace catalejo::evaluate {
namespace {

Assessment assess(const Seat& seat, const Verdict& verdict) {
  if (verdict.type != model::MetricType::score || verdict.passes_anyway || !seat.settings.threshold)
    return verdict.assessment;
  const auto own = seat.evaluator->threshold();
  const bool reached = verdict.score >= *seat.settings.threshold;
  return reached == (own && own->below) ? Assessment::pass : Assessment::fail;
}

}  // namespace

bool is_sampled(const Seat& seat, std::string_view session_id) {
  if (seat.settings.sampling >= 1) return true;
  std::string key(seat.evaluator->id());
  key.append(session_id);
  return unit_of(hash128(key, /*seed=*/11)) < seat.settings.sampling;
}

bool is_sampled(const Seat& seat, TraceId trace) {
  const auto bytes = to_bytes(trace);
  return is_sampled(seat, std::string_view(bytes.data(), bytes.size()));
}

bool judges_all(const Seat& seat) {
  return seat.settings.enabled && seat.settings.sampling >= 1 && seat.settings.query.empty() &&
         seat.evaluator->scope() == Scope::span;
}

TraceId evaluation_id(const Evaluator& evaluator, TraceId trace, SpanId span) {
  const auto bytes = to_bytes(trace);
  std::string key = fmt::format("{}:{}:{}:", evaluator.id(), evaluator.version(), span.value);
  key.append(bytes.data(), bytes.size());
  const Hash128 hash = hash128(key, /*seed=*/12);
  return {hash.high, hash.low};
}

TraceId evaluation_id(const Evaluator& evaluator, const Whole& whole) {
  const auto trace = to_bytes(whole.trace_id);
  std::string key = fmt::format("{}:{}:whole:", evaluator.id(), evaluator.version());
  key.append(trace.data(), trace.size());
  key += whole.session_id;
  for (const Step& step : whole.steps) {
    const auto bytes = to_bytes(step.trace_id);
    key += fmt::format(":{}:", step.span_id.value);
    key.append(bytes.data(), bytes.size());
  }
  const Hash128 hash = hash128(key, /*seed=*/12);
  return {hash.high, hash.low};
}

std::string source_of(const Evaluator& evaluator) {
  return fmt::format("catalejo/{}", evaluator.id());
}

std::string encode_counts(const Counts& counts, std::uint64_t run) {
  std::string rows;
  store::RowBinaryWriter row(rows);
  for (const auto& [key, count] : counts) {
    row.number(static_cast<std::uint32_t>(key.minute));
    row.text(key.evaluator);
    row.number(key.version);
    row.number(run);
    row.text(key.ml_app);
    row.text(key.model);
    row.number(count.judged);
    row.number(count.failed);
  }
  return rows;
}

std::string insert_counts_statement(const std::string& token) {
  return fmt::format(
      "INSERT INTO evaluation_counts (minute, evaluator, version, run, ml_app, model, judged, "
      "failed) SETTINGS insert_deduplication_token = '{}' FORMAT RowBinary",
      token);
}

void Bench::seat(const query::SpanRow& row, const cost::PriceBook* book) {
  subject_ = reader_.read(row);
  usuals_.compare(row, book, subject_);
}

Count Bench::judge(const Seat& seat) {
  verdicts_.clear();
  seat.evaluator->judge(subject_, verdicts_);
  Count total;
  for (const Verdict& verdict : verdicts_) {
    const Assessment assessment = assess(seat, verdict);
    const std::int64_t minute = subject_.start.value / (60 * kNanosPerSecond) * 60;
    Count& count = counts_[{.minute = minute,
                            .evaluator = seat.evaluator->id(),
                            .version = seat.evaluator->version(),
                            .ml_app = std::string(subject_.ml_app),
                            .model = std::string(subject_.model_name)}];
    const bool failed = assessment == Assessment::fail;
    ++count.judged;
    count.failed += failed ? 1 : 0;
    ++total.judged;
    total.failed += failed ? 1 : 0;
    if (failed || seat.settings.keep_passes)
      keep(seat, subject_, verdict).id =
          evaluation_id(*seat.evaluator, subject_.trace_id, subject_.span_id);
  }
  return total;
}

Count Bench::judge(const Seat& seat, const Whole& whole, UnixNanos replaced,
                   const std::set<TraceId>& stored) {
  const TraceId id = evaluation_id(*seat.evaluator, whole);
  const WholeEvaluator* evaluator = as_whole(*seat.evaluator);
  if (evaluator == nullptr || whole.steps.empty() || stored.contains(id)) return {};
  verdicts_.clear();
  evaluator->judge_whole(whole, verdicts_);
  Count total;
  for (const Verdict& verdict : verdicts_) {
    ++total.judged;
    total.failed += assess(seat, verdict) == Assessment::fail ? 1 : 0;
    Subject subject{.trace_id = whole.trace_id, .ml_app = whole.ml_app};
    model::Evaluation& evaluation = keep(seat, subject, verdict);
    evaluation.id = id;
    evaluation.scope = scope_name(whole.scope);
    evaluation.session_id = batch_.arena.copy(whole.session_id);
    // Behind what it replaces: the newest holds, by the millisecond.
    evaluation.timestamp =
        std::max(whole.steps.back().start, UnixNanos{replaced.value + kNanosPerMilli});
  }
  return total;
}

model::Evaluation& Bench::keep(const Seat& seat, const Subject& subject, const Verdict& verdict) {
  model::Arena& arena = batch_.arena;
  model::Evaluation evaluation = evaluation_of(arena, subject, verdict);
  evaluation.assessment = assessment_name(assess(seat, verdict));
  if (!verdict.findings.empty()) {
    std::string metadata;
    codec::JsonObjectWriter fields(metadata);
    append_findings(fields.key("findings"), verdict.findings);
    fields.close();
    evaluation.metadata_json = arena.adopt(std::move(metadata));
  }
  // The day of its span, so that both are dropped together and a search finds both.
  evaluation.timestamp = subject.start;
  evaluation.tags.push_back(
      {"evaluator_version", arena.adopt(fmt::format("{}", seat.evaluator->version()))});
  evaluation.source = arena.adopt(source_of(*seat.evaluator));
  return batch_.evaluations.emplace_back(std::move(evaluation));
}

std::vector<TraceId> Bench::evaluation_ids() const {
  std::vector<TraceId> ids;
  for (const model::Evaluation& evaluation : batch_.evaluations) ids.push_back(evaluation.id);
  return ids;
}

void Bench::leave_out(const std::set<TraceId>& ids) {
  std::erase_if(batch_.evaluations,
                [&](const model::Evaluation& evaluation) { return ids.contains(evaluation.id); });
}

model::Batch Bench::take_evaluations() {
  return std::exchange(batch_, {});
}

void Bench::forget() {
  batch_ = {};
  counts_.clear();
}

Counts Bench::take_counts() {
  return std::exchange(counts_, {});
}

}  // namespace catalejo::evaluate
