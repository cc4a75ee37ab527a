import { expect, test } from 'vitest';
import type { Evaluation } from '../src/api/types';
import { isDebatable, judgementOf, opinionOf, targetOf, withoutEchoes } from '../src/lib/opinion';

const evaluation = (more: Partial<Evaluation>): Evaluation => ({
  id: '1', trace_id: 'aa', span_id: '7', session_id: null, join: null, event_kind: 'evaluation',
  scope: 'span', label: 'pii', metric_type: 'boolean', value: true, assessment: 'fail',
  reasoning: null, status: 'OK', ml_app: 'shop', tags: {}, metadata: null, submitter: null,
  timestamp_ms: 1, ...more,
});
const ana = (more: Partial<Evaluation>) => evaluation({
  id: '2', event_kind: 'feedback', submitter: { id: 'Ana', type: 'human' }, ...more,
});

test('only what an evaluator passed or failed is right or wrong', () => {
  expect(isDebatable(evaluation({}))).toBe(true);
  for (const other of [
    { assessment: null }, { event_kind: 'feedback' }, { trace_id: null }, { label: 'a.b' },
    { submitter: { id: 'Ana', type: 'human' } },
  ]) expect(isDebatable(evaluation(other))).toBe(false);
});

test('right says the same, wrong the opposite, and both can be read back', () => {
  for (const assessment of ['pass', 'fail'] as const) {
    const verdict = evaluation({ assessment });
    const scored = evaluation({ assessment, value: 0.4 });
    for (const opinion of ['right', 'wrong'] as const) {
      const said = judgementOf(verdict, opinion);
      expect(said.assessment === assessment).toBe(opinion === 'right');
      expect(said.value).toBe(opinion === 'right');
      expect(judgementOf(scored, opinion).value).toBe(said.assessment === 'pass');
      const kept = ana({ assessment: said.assessment ?? null });
      expect(opinionOf(verdict, [verdict, kept], 'Ana')).toBe(opinion);
    }
  }
  expect(judgementOf(evaluation({}), null)).toEqual({ name: 'pii', withdrawn: true });
});

test("what others, other names, other spans and queues say is not the reader's own opinion", () => {
  const verdict = evaluation({});
  for (const other of [
    { submitter: { id: 'Luis', type: 'human' } }, { label: 'secrets' }, { span_id: '8' },
    { submitter: { id: 'Ana', type: 'human', queue: 'q' } }, { status: 'WITHDRAWN' },
    { assessment: null },
  ]) expect(opinionOf(verdict, [ana(other)], 'Ana')).toBeNull();
});

test('what people say the same as the evaluator is not told twice', () => {
  const verdict = evaluation({});
  const doubts = ana({ id: '3', value: false, assessment: 'pass' });
  const apart = ana({ id: '4', label: 'tone' });
  expect(withoutEchoes([verdict, ana({}), doubts, apart])).toEqual([verdict, doubts, apart]);
});

test('it is about the span, or about the whole trace', () => {
  expect(targetOf(evaluation({}))).toEqual(
    { about: 'span', trace_id: 'aa', span_id: '7', ml_app: 'shop' });
  expect(targetOf(evaluation({ span_id: null, ml_app: '' }))).toEqual(
    { about: 'trace', trace_id: 'aa' });
});
