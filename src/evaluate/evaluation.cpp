#include "evaluate/evaluation.hpp"

#include "evaluate/registry.hpp"

namespace catalejo::evaluate {

model::Evaluation evaluation_of(model::Arena& arena, const Subject& subject,
                                const Verdict& verdict) {
  model::Evaluation evaluation;
  evaluation.trace_id = subject.trace_id;
  evaluation.span_id = subject.span_id;
  evaluation.event_kind = "evaluation";
  evaluation.scope = "span";
  evaluation.label = arena.copy(verdict.label);
  evaluation.ml_app = arena.copy(subject.ml_app);
  evaluation.type = verdict.type;
  evaluation.score = verdict.score;
  evaluation.text = verdict.type == model::MetricType::boolean
                        ? (verdict.score != 0 ? "true" : "false")
                        : arena.copy(verdict.text);
  evaluation.assessment = assessment_name(verdict.assessment);
  evaluation.reasoning = arena.copy(verdict.reasoning);
  return evaluation;
}

}  // namespace catalejo::evaluate
