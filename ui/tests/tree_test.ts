import { describe, expect, it } from 'vitest';
import { buildTree, selfNs, visibleNodes } from '../src/lib/tree';
import { makeSpan, makeTrace } from './make';

const shape = (spans: Parameters<typeof makeTrace>[0]) =>
  buildTree(makeTrace(spans)).order.map((n) => `${'.'.repeat(n.depth)}${n.span.span_id}`);

describe('a tree of spans', () => {
  it('puts children under their parent in order of start, whatever the order they came in', () => {
    expect(shape([
      makeSpan('3', '1', 20, 10), makeSpan('4', '2', 5, 1), makeSpan('1', null, 0, 100),
      makeSpan('2', '1', 1, 10),
    ])).toEqual(['1', '.2', '..4', '.3']);
  });

  it('shows a span whose parent is missing at the top level, marked', () => {
    const tree = buildTree(makeTrace([makeSpan('1', null, 0, 9), makeSpan('2', '77', 1, 2)]));
    expect(tree.roots.map((n) => [n.span.span_id, n.orphan])).toEqual([['1', false], ['2', true]]);
  });

  it('opens a circle of parents at its earliest span and loses none', () => {
    expect(shape([
      makeSpan('1', null, 0, 9), makeSpan('b', 'a', 3, 1), makeSpan('a', 'c', 2, 1),
      makeSpan('c', 'b', 4, 1), makeSpan('hung', 'c', 5, 1),
    ])).toEqual(['1', 'a', '.b', '..c', '...hung']);
    expect(shape([makeSpan('self', 'self', 0, 1)])).toEqual(['self']);
  });

  it('bears 20 000 levels', () => {
    const spans = Array.from({ length: 20_000 }, (_, i) =>
      makeSpan(String(i), i === 0 ? null : String(i - 1), 0, 1));
    expect(buildTree(makeTrace(spans)).order.at(-1)?.depth).toBe(19_999);
  });

  it('marks every ancestor of a failed span and no one else', () => {
    const tree = buildTree(makeTrace([
      makeSpan('1', null, 0, 9), makeSpan('2', '1', 1, 1), makeSpan('3', '1', 2, 1),
      makeSpan('4', '3', 2, 1, { status: 'error' }),
    ]));
    expect(tree.order.filter((n) => n.failedInside).map((n) => n.span.span_id))
      .toEqual(['1', '3', '4']);
  });

  it('stretches the shared axis to a child that ends after the trace', () => {
    expect(buildTree(makeTrace([makeSpan('1', null, 0, 9), makeSpan('2', '1', 1, 4000)])).spanNs)
      .toBe(4001e6);
  });

  it('hides what lies below a folded span', () => {
    const tree = buildTree(makeTrace([
      makeSpan('1', null, 0, 9), makeSpan('2', '1', 1, 1), makeSpan('3', '2', 1, 1),
      makeSpan('4', '1', 5, 1),
    ]));
    expect(visibleNodes(tree, new Set(['2'])).map((n) => n.span.span_id)).toEqual(['1', '2', '4']);
  });

  it('counts overlapping children once in the time a span spent itself', () => {
    const tree = buildTree(makeTrace([
      makeSpan('1', null, 0, 100), makeSpan('2', '1', 10, 40), makeSpan('3', '1', 30, 40),
      makeSpan('4', '1', 90, 500),
    ]));
    expect(selfNs(tree.byId.get('1') as never)).toBe(30e6);
  });
});
