#include "evaluate/judge/record.hpp"

#include <fmt/format.h>

#include <random>

#include "base/hash.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "evaluate/evaluation.hpp"

namespace catalejo::evaluate::judge {
namespace {

std::uint64_t random_id() {
  static thread_local std::mt19937_64 random{std::random_device{}()};
  return random() | 1U;
}

// The messages of a chat completion are those of a span.
std::string input_of(std::string_view sent) {
  codec::JsonDocument document;
  std::string body(sent), input = R"({"messages":)";
  codec::dom::element messages;
  if (!document.parse(body) || codec::root(document)["messages"].get(messages) != simdjson::SUCCESS)
    return "";
  codec::append_json(input, messages);
  return input + '}';
}

std::string output_of(const std::string& said) {
  if (said.empty()) return "";
  return R"({"messages":[{"role":"assistant","content":)" + codec::json_quoted(said) + "}]}";
}

void add_metrics(model::Span& span, const OwnCall& call) {
  if (call.input_tokens + call.output_tokens == 0) return;
  span.metrics = {{"input_tokens", static_cast<double>(call.input_tokens)},
                  {"output_tokens", static_cast<double>(call.output_tokens)},
                  {"total_tokens", static_cast<double>(call.input_tokens + call.output_tokens)}};
}

std::vector<model::Tag> tags_of(model::Arena& arena, const Author& author) {
  std::vector<model::Tag> tags = {{"judge", arena.copy(author.name)}};
  if (author.id == 0) {
    tags.push_back({"judge_trial", "true"});
  } else {
    tags.push_back({"judge_id", arena.copy(fmt::format("{}", author.id))});
    tags.push_back({"judge_version", arena.copy(fmt::format("{}", author.version))});
  }
  return tags;
}

}  // namespace

TraceId evaluation_id(const Author& author, TraceId trace, SpanId span) {
  const Hash128 hash = hash128(
      fmt::format("judge {} {} {} {}", author.id, author.version, to_hex(trace), span.value));
  return {hash.high, hash.low};
}

model::Span span_of(model::Arena& arena, const OwnCall& call) {
  model::Span span;
  span.trace_id = {random_id(), random_id()};
  span.apm_trace_id = span.trace_id;
  span.span_id = {random_id()};
  span.start = call.start;
  span.duration_ns = call.duration_ns;
  span.name = call.name;
  span.kind = "llm";
  span.service = span.ml_app = call.app;
  span.model_name = arena.copy(call.model.empty() ? call.deployment : call.model);
  span.model_provider = call.resource.empty() ? "openai" : "azure_openai";
  span.deployment = arena.copy(call.deployment);
  span.input_json = arena.copy(input_of(call.sent));
  span.output_json = arena.copy(call.output_json);
  if (!call.resource.empty()) span.tags = {{"azure.resource", arena.copy(call.resource)}};
  if (call.error != nullptr) {
    span.error = true;
    span.error_type = arena.copy(call.error->where);
    span.error_message = arena.copy(call.error->message);
  }
  add_metrics(span, call);
  span.source = call.source;
  return span;
}

OwnCall own_call(const Call& call) {
  const Answer& answer = call.answer;
  return {.app = kOwnApp,
          .name = "judge",
          .source = kSource,
          .deployment = call.deployment,
          .resource = call.resource,
          .model = answer.model,
          .sent = call.sent,
          .output_json = output_of(answer.said),
          .start = call.start,
          .duration_ns = call.duration_ns,
          .input_tokens = answer.input_tokens,
          .output_tokens = answer.output_tokens,
          .error = answer.verdict ? nullptr : &answer.verdict.error()};
}

TraceId add_call(model::Batch& batch, const Author& author, const Call& call,
                 const Subject& subject) {
  model::Arena& arena = batch.arena;
  model::Span span = span_of(arena, own_call(call));
  for (const model::Tag& tag : tags_of(arena, author)) span.tags.push_back(tag);
  span.tags.push_back({"judged_trace_id", arena.copy(to_hex(subject.trace_id))});
  span.tags.push_back({"judged_span_id", arena.copy(to_decimal(subject.span_id))});
  span.tags.push_back({"judged_app", arena.copy(subject.ml_app)});
  const TraceId id = span.trace_id;
  ++batch.spans_received;
  batch.spans.push_back(std::move(span));
  return id;
}

void add_evaluation(model::Batch& batch, const Author& author, const Call& call,
                    const Subject& subject) {
  model::Arena& arena = batch.arena;
  model::Evaluation evaluation = evaluation_of(arena, subject, *call.answer.verdict);
  evaluation.id = evaluation_id(author, subject.trace_id, subject.span_id);
  evaluation.timestamp = now();
  evaluation.tags = tags_of(arena, author);
  evaluation.tags.push_back({"judge_deployment", arena.copy(call.deployment)});
  evaluation.source = kSource;
  ++batch.evaluations_received;
  batch.evaluations.push_back(std::move(evaluation));
}

}  // namespace catalejo::evaluate::judge
