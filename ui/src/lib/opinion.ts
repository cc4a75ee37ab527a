// What a reader thinks of an evaluator's verdict. It is kept as a judgement of the reader's own
// under the evaluator's name: right says the same, wrong the opposite.
import type { FeedbackTarget, Judgement } from '../api/feedback';
import type { Evaluation } from '../api/types';

export type Opinion = 'right' | 'wrong';

export const isWithdrawn = (evaluation: Evaluation) => evaluation.status === 'WITHDRAWN';

// What a queue asked is changed where it was asked.
export const isOwn = (evaluation: Evaluation, author: string): boolean =>
  evaluation.submitter?.type === 'human' && evaluation.submitter.id === author &&
  evaluation.submitter.queue === undefined;

// A verdict of an evaluator that a person may say the same or the opposite of.
export const isDebatable = (evaluation: Evaluation): boolean =>
  evaluation.submitter === null && evaluation.event_kind !== 'feedback' &&
  (evaluation.assessment === 'pass' || evaluation.assessment === 'fail') &&
  evaluation.trace_id !== null && !evaluation.label.includes('.');

// Of the same evaluator's name, about the same thing.
export const isSame = (one: Evaluation, other: Evaluation): boolean =>
  one.label === other.label && one.trace_id === other.trace_id && one.span_id === other.span_id;

// What people say the same as an evaluator is told by its verdict already.
export const withoutEchoes = (all: readonly Evaluation[]): Evaluation[] =>
  all.filter((one) => one.submitter?.type !== 'human' || !all.some((verdict) =>
    isDebatable(verdict) && isSame(verdict, one) && verdict.assessment === one.assessment));

export function opinionOf(
  verdict: Evaluation, all: readonly Evaluation[], author: string,
): Opinion | null {
  const said = all.find((one) =>
    isSame(one, verdict) && isOwn(one, author) && !isWithdrawn(one) && one.assessment);
  if (!said) return null;
  return said.assessment === verdict.assessment ? 'right' : 'wrong';
}

export function judgementOf(verdict: Evaluation, opinion: Opinion | null): Judgement {
  if (opinion === null) return { name: verdict.label, withdrawn: true };
  const passes = (verdict.assessment === 'pass') === (opinion === 'right');
  // True or false as the evaluator means it; else whether it passes.
  const value = typeof verdict.value === 'boolean' ? verdict.value === (opinion === 'right')
    : passes;
  return { name: verdict.label, value, assessment: passes ? 'pass' : 'fail' };
}

export const targetOf = (verdict: Evaluation): FeedbackTarget => ({
  about: verdict.span_id ? 'span' : 'trace',
  ...(verdict.trace_id ? { trace_id: verdict.trace_id } : {}),
  ...(verdict.span_id ? { span_id: verdict.span_id } : {}),
  ...(verdict.ml_app ? { ml_app: verdict.ml_app } : {}),
});
