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
// The source of the evaluations and of the spans.
inline constexpr std::string_view kSource = "judge";

struct Author {
  std::int64_t id = 0;  // 0 = a draft that was tried
  std::string name;
  std::int64_t version = 0;
};

// The same at every judging of that span by that version: a repeat is known by it.
TraceId evaluation_id(const Author& author, TraceId trace, SpanId span);
// The trace of the new span.
TraceId add_call(model::Batch& batch, const Author& author, const Call& call,
                 const Subject& subject);
void add_evaluation(model::Batch& batch, const Author& author, const Call& call,
                    const Subject& subject);

}  // namespace catalejo::evaluate::judge
