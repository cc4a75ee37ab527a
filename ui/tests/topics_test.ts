import { describe, expect, test } from 'vitest';
import type { Figures } from '../src/api/insights';
import type { Topic } from '../src/api/patterns';
import { sorted } from '../src/lib/topics';

const figures = (over: Partial<Figures> = {}): Figures => ({
  calls: 10, failed: 0, p50_ns: 1, p95_ns: 1, tokens: null, counted_calls: 0, cost_usd: null,
  priced_calls: 0, judged: 0, judged_failing: 0, ...over,
});
const topic = (name: string, share: number, over: Partial<Topic> = {}): Topic => ({
  phrases: [name], share, share_before: share, trend: 'steady', now: figures(), before: figures(),
  examples: [], span_ids: [], ...over,
});
const names = (topics: Topic[]) => topics.map((one) => one.phrases[0]).join(' ');

describe('topics', () => {
  const some = [
    topic('a', 0.5, { share_before: 0.6 }),
    topic('b', 0.3, { share_before: 0, now: figures({ failed: 5, cost_usd: 2 }) }),
    topic('c', 0.2, { now: figures({ judged: 4, judged_failing: 1, p95_ns: 9, cost_usd: 0 }) }),
  ];
  test('stand in the order asked for, equals by their share', () => {
    expect(names(sorted(some, 'share'))).toBe('a b c');
    expect(names(sorted(some, 'growth'))).toBe('b c a');
    expect(names(sorted(some, 'errors'))).toBe('b a c');
    expect(names(sorted(some, 'judged'))).toBe('c a b');
    expect(names(sorted(some, 'slow'))).toBe('c a b');
  });
  test('of unknown cost stand behind those that cost nothing', () => {
    expect(names(sorted(some, 'cost'))).toBe('b c a');
  });
});
