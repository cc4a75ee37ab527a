import { describe, expect, it } from 'vitest';
import { keepSame } from '../src/lib/same';

describe('an answer that is asked for again', () => {
  const before = { id: 't', spans: [{ id: 1, input: { text: 'a' } }, { id: 2, input: null }] };
  const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  it('is the one before when it says the same', () => {
    expect(keepSame(before, copy(before))).toBe(before);
  });
  it('has what is new and keeps what is not', () => {
    const after = { ...(copy(before) as typeof before), more: true };
    after.spans.push({ id: 3, input: { text: 'c' } });
    after.spans[1] = { id: 2, input: { text: 'b' } };
    const kept = keepSame(before, after);
    expect(kept).toEqual(after);
    expect(kept.spans[0]).toBe(before.spans[0]);
    expect(kept.spans[1]).not.toBe(before.spans[1]);
    expect(before.spans).toHaveLength(2);
  });
  it('loses what is no longer there', () => {
    expect(keepSame({ a: 1, b: undefined }, { a: 1 })).toEqual({ a: 1 });
    expect(keepSame([1, 2], [1])).toEqual([1]);
    expect(keepSame({ a: [] }, { a: {} })).toEqual({ a: {} });
    expect(keepSame({ b: undefined }, { a: undefined })).toHaveProperty('a');
  });
});
