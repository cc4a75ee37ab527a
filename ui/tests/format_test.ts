import { describe, expect, it } from 'vitest';
import { formatterOf, msOfNs } from '../src/lib/format';

const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, ' ');

describe('lengths of time', () => {
  for (const [ns, en, es] of [
    [0, '0 ns', '0 ns'], [1500, '1.5 µs', '1,5 µs'], [4.25e6, '4.25 ms', '4,25 ms'],
    [433.6e6, '434 ms', '434 ms'], [1.824e9, '1.82 s', '1,82 s'], [59.4e9, '59.4 s', '59,4 s'],
    [61e9, '1 min 1 s', '1 min 1 s'], [3.72e12, '1 h 2 min', '1 h 2 min'],
  ] as const) {
    it(`${ns} ns is ${en}`, () => {
      expect(plain(formatterOf('en').duration(ns))).toBe(en);
      expect(plain(formatterOf('es').duration(ns))).toBe(es);
    });
  }
});

describe('money', () => {
  it('never shows a small cost as nothing', () => {
    const cost = formatterOf('en').cost;
    expect([0, 0.0000054, 0.0123, 0.5, 12.3].map(cost))
      .toEqual(['$0.00', '$0.0000054', '$0.012', '$0.5', '$12.30']);
  });
});

describe('numbers', () => {
  it('follow the language', () => {
    expect(formatterOf('en').number(1234567)).toBe('1,234,567');
    expect(formatterOf('es').number(1234567)).toBe('1.234.567');
    expect(plain(formatterOf('es').percent(0.0234))).toBe('2,3 %');
    expect(formatterOf('en').bytes(16_000_000)).toBe('16\u202fMB');
  });
  it('keep nanoseconds beyond the reach of a double', () => {
    expect(msOfNs('1795472913308242728')).toBe(1795472913308);
  });
});
