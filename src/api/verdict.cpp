#include "api/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "api/body.hpp"
#include "base/hash.hpp"
#include "base/limits.hpp"
#include "base/time.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::api {
namespace {

// The later of two judgements counts, and the database keeps milliseconds: no two of this process
// have the same.
UnixNanos next_moment() {
  static std::atomic<std::int64_t> last_ms{0};
  std::int64_t seen = last_ms.load();
  std::int64_t next = 0;
  do next = std::max(now().value / kNanosPerMilli, seen + 1);
  while (!last_ms.compare_exchange_weak(seen, next));
  return {next * kNanosPerMilli};
}

std::string_view scope_of(const Target& target) {
  if (target.span_id.value != 0) return "span";
  return target.trace_id.empty() ? "session" : "trace";
}

Result<void> check_short(std::string_view name, std::string_view text, bool needed) {
  if (needed && text.empty()) return bad(name, fmt::format("{} is missing", name));
  if (text.size() > limits::short_name_bytes_max)
    return bad(name, fmt::format("is longer than {} bytes", limits::short_name_bytes_max));
  return {};
}

}  // namespace

Result<bool> read_target(std::string_view name, codec::dom::element value, Target& target) {
  const bool mine =
      name == "trace_id" || name == "span_id" || name == "session_id" || name == "ml_app";
  if (!mine) return false;
  auto text = read_text(name, value);
  if (!text) return text.error();
  if (name == "trace_id") {
    const auto id = parse_trace_id(*text);
    if (!id || id->empty())
      return bad(name, "must be 32 hexadecimal digits or a decimal number, as a text");
    target.trace_id = *id;
  } else if (name == "span_id") {
    const auto id = parse_span_id(*text);
    if (!id || id->value == 0) return bad(name, "must be a decimal number, as a text");
    target.span_id = *id;
  } else {
    (name == "ml_app" ? target.ml_app : target.session_id) = *std::move(text);
  }
  return true;
}

Result<void> check_target(const Target& target) {
  if (target.span_id.value != 0 && target.trace_id.empty())
    return bad("trace_id", "a span is named together with its trace");
  if (target.trace_id.empty() == target.session_id.empty())
    return bad("trace_id", "name a trace, a span of a trace, or a session, and only one of them");
  CATALEJO_TRY(check_short("session_id", target.session_id, false));
  return check_short("ml_app", target.ml_app, false);
}

Result<void> read_value(codec::dom::element value, Verdict& verdict) {
  bool truth = false;
  if (value.get(truth) == simdjson::SUCCESS) {
    verdict.type = model::MetricType::boolean;
    verdict.score = truth ? 1 : 0;
    verdict.text = truth ? "true" : "false";
  } else if (value.get(verdict.score) == simdjson::SUCCESS) {
    verdict.type = model::MetricType::score;
  } else if (value.is_string()) {
    verdict.type = model::MetricType::categorical;
    verdict.text = codec::text_or_empty(value);
  } else {
    return bad("value", "must be true or false, a number or a text");
  }
  return {};
}

Result<void> check_verdict(const Verdict& verdict) {
  CATALEJO_TRY(check_target(verdict.target));
  CATALEJO_TRY(check_short("name", verdict.label, true));
  if (verdict.label.find('.') != std::string::npos) return bad("name", "may not contain a dot");
  CATALEJO_TRY(check_short("author", verdict.author, false));
  if (verdict.withdrawn) return {};
  if (verdict.text.size() > limits::comment_bytes_max)
    return bad("value", fmt::format("is longer than {} bytes", limits::comment_bytes_max));
  if (verdict.comment.size() > limits::comment_bytes_max)
    return bad("comment", fmt::format("is longer than {} bytes", limits::comment_bytes_max));
  if (!verdict.assessment.empty() && verdict.assessment != "pass" && verdict.assessment != "fail")
    return bad("assessment", "must be pass or fail");
  return {};
}

TraceId add_verdict(model::Batch& batch, const Verdict& verdict) {
  model::Arena& arena = batch.arena;
  model::Evaluation evaluation;
  evaluation.trace_id = verdict.target.trace_id;
  evaluation.span_id = verdict.target.span_id;
  evaluation.session_id = arena.copy(verdict.target.session_id);
  evaluation.ml_app = arena.copy(verdict.target.ml_app);
  evaluation.event_kind = verdict.event_kind;
  evaluation.scope = scope_of(verdict.target);
  evaluation.label = arena.copy(verdict.label);
  evaluation.type = verdict.type;
  if (verdict.withdrawn) {
    evaluation.status = model::kWithdrawn;
  } else {
    evaluation.score = verdict.score;
    evaluation.text = arena.copy(verdict.text);
    evaluation.assessment = arena.copy(verdict.assessment);
    evaluation.reasoning = arena.copy(verdict.comment);
  }
  const std::string queue =
      verdict.queue.empty() ? "" : ",\"queue\":" + codec::json_quoted(verdict.queue);
  evaluation.submitter = arena.copy(
      fmt::format(R"({{"id":{},"type":"human"{}}})", codec::json_quoted(verdict.author), queue));
  evaluation.metadata_json = arena.copy(verdict.metadata);
  evaluation.timestamp = next_moment();
  evaluation.source = verdict.source;
  const Hash128 hash = hash128(fmt::format(
      "{} {} {} {} {} {}", to_hex(evaluation.trace_id), evaluation.span_id.value,
      evaluation.session_id, evaluation.label, evaluation.submitter, evaluation.timestamp.value));
  evaluation.id = {hash.high, hash.low};
  ++batch.evaluations_received;
  batch.evaluations.push_back(std::move(evaluation));
  return {hash.high, hash.low};
}

}  // namespace catalejo::api
