// A verdict about a span as the evaluation that is stored: what evaluators and judges share. The
// id, the time, tags and the source are for them to add.
#pragma once

#include "evaluate/evaluator.hpp"
#include "model/arena.hpp"
#include "model/evaluation.hpp"

namespace catalejo::evaluate {

// Texts are copied into `arena`.
model::Evaluation evaluation_of(model::Arena& arena, const Subject& subject,
                                const Verdict& verdict);

}  // namespace catalejo::evaluate
