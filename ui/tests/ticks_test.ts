import { describe, expect, it } from 'vitest';
import { tickNs, ticksOf } from '../src/lib/ticks';

describe('the axis of a trace', () => {
  for (const [spanNs, step] of [
    [14.5e6, 5e6], [990e3, 500e3], [4.5e9, 1e9], [59e9, 20e9], [75e9, 30e9], [3600e9, 900e9],
    [30 * 3600e9, 10 * 3600e9], [1, 1], [0, 1],
  ] as const) {
    it(`${spanNs} ns is marked every ${step}`, () => expect(tickNs(spanNs)).toBeCloseTo(step));
  }

  it('has from one to five marks, the first at the start', () => {
    for (let spanNs = 1; spanNs < 1e15; spanNs *= 1.37) {
      const marks = ticksOf(spanNs);
      expect(marks[0]).toBe(0);
      expect(marks.length).toBeLessThanOrEqual(5);
      expect(marks.length).toBeGreaterThanOrEqual(spanNs < 10 ? 1 : 2);
    }
  });
});
