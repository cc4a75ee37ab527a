// What a judge did, as telemetry: its call is a span of an application of its own, so that it is
// found and priced apart; its verdict is an evaluation like any other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evaluate/judge/caller.hpp"
#include "model/batch.hpp"

namespace catalejo::evaluate::judge {

// The ml_app of the calls; its spans are never judged.
inline constexpr std::string_view kOwnApp = "catalejo-judge";
// Of what people ask in the playground: judged only when somebody chooses such a span.
inline constexpr std::string_view kPlaygroundApp = "catalejo-playground";
// The source of the evaluations and of the spans.
inline constexpr std::string_view kSource = "judge";

struct Author {
  std::int64_t id = 0;  // 0 = a draft that was tried
  std::string name;
  std::int64_t version = 0;
};

// A call of ours to a deployment, whoever made it.
struct OwnCall {
  std::string_view app, name, source;
  std::string_view deployment, resource, model;  // the last one empty = nobody answered
  std::string_view sent;                         // the body of a chat completion
  std::string output_json;
  UnixNanos start;
  std::int64_t duration_ns = 0, input_tokens = 0, output_tokens = 0;
  const Error* error = nullptr;
};

// In a trace of its own.
model::Span span_of(model::Arena& arena, const OwnCall& call);
// Points into `call`.
OwnCall own_call(const Call& call);

// The same at every judging of that span by that version: a repeat is known by it.
TraceId evaluation_id(const Author& author, TraceId trace, SpanId span);
// The trace of the new span.
TraceId add_call(model::Batch& batch, const Author& author, const Call& call,
                 const Subject& subject);
void add_evaluation(model::Batch& batch, const Author& author, const Call& call,
                    const Subject& subject);

}  // namespace catalejo::evaluate::judge
